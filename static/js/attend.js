// "I am here", where the network may be poor: what is pressed is kept on this device, under its owner's key, and sent
// until the server has answered; it carries its own UUID, so sending it twice makes one. The page works without this script.
const root = document.querySelector("[data-attend]");
const KEY = `soo-attend:${root.dataset.owner}`;
const WAIT = 15000;
let memory = [];
let lasting = true;
let busy = false;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return memory;
  }
}

function keep(presses) {
  memory = presses;
  try {
    if (presses.length) localStorage.setItem(KEY, JSON.stringify(presses));
    else localStorage.removeItem(KEY);
  } catch {
    lasting = false; // A device that stores nothing still sends while this page is open.
  }
}

function say(title, words) {
  const box = document.createElement("div");
  box.className = "soo-panel soo-panel--warn";
  const heading = document.createElement("h2");
  heading.className = "nhsuk-heading-s nhsuk-u-margin-bottom-1";
  heading.textContent = title;
  const text = document.createElement("p");
  text.textContent = words;
  box.append(heading, text);
  root.querySelector("[data-attend-said]").replaceChildren(box);
}

const clock = (iso) => new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function notSent(press, why) {
  const where = lasting
    ? "It is kept on this phone. Leave this page open, or open it again when there is a network"
    : "This phone keeps nothing, so leave this page open";
  say("Not sent yet", `${why} You pressed “I am here” at ${clock(press.device_time)}. ${where}: then it is sent by itself.`);
}

// What the server said takes the place of this page, or stands above it when it is about another session.
function show(press, page) {
  const answer = page.querySelector("[data-attend]");
  if (press.url === root.dataset.attend) {
    root.replaceChildren(...answer.childNodes);
    document.title = page.title;
    root.tabIndex = -1;
    root.focus();
  } else {
    say(answer.querySelector("h1").textContent, `${answer.querySelector(".soo-lead").textContent}. Sent just now; you pressed at ${clock(press.device_time)}.`);
  }
}

async function send(press) {
  const { url, ...fields } = press;
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: root.dataset.token });
  let answer;
  let page;
  try {
    answer = await fetch(url, { method: "POST", body, headers: { Accept: "text/html" } });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    notSent(press, "There is no network.");
    return false;
  }
  if (page.querySelector("[data-attend]")) {
    keep(kept().filter((other) => other.uuid !== press.uuid));
    show(press, page);
    return true;
  }
  notSent(press, answer.redirected || answer.status === 403 ? "You are signed out: sign in and open this page again." : "The portal did not answer.");
  return false;
}

async function sendAll() {
  if (busy) return;
  busy = true;
  try {
    for (const press of kept()) if (!(await send(press))) break;
  } finally {
    busy = false;
  }
}

root.querySelector("[data-attend-form]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const uuid = form.elements.namedItem("uuid").value;
  const press = kept().find((other) => other.uuid === uuid) ?? {
    url: new URL(form.action).pathname,
    uuid,
    ticket: form.elements.namedItem("ticket").value,
    device_time: new Date().toISOString(),
  };
  keep([...kept().filter((other) => other.uuid !== uuid), press]);
  sendAll();
});

addEventListener("online", sendAll);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendAll());
setInterval(() => kept().length && sendAll(), WAIT);
sendAll();
