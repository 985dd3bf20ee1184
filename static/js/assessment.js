// Rating beside the scanner, where the network may be poor: every tap is kept on this device, under its owner's key,
// until the server has it; the page says how much is kept and not sent. soo.js forgets it after 3 days and at sign-out.
// The page works without this script.
const PREFIX = "soo-assessment:";
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "batch", "device_time", "resumed_act", "password", "other_way"]);

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// Whether it is kept now: a device that stores nothing still sends while the page is open.
function keep(key, draft) {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

function keysOf(owner) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${owner}:`));
  } catch {
    return [];
  }
}

// What the server has answered with is no draft any more.
for (const sent of document.querySelectorAll("[data-assessment-sent]")) {
  for (const key of keysOf(sent.dataset.owner)) {
    if (read(key)?.batch === sent.dataset.assessmentSent) keep(key, null);
  }
}

const form = document.querySelector("[data-assessment]");
if (form) start(form);

function start(form) {
  const key = `${PREFIX}${form.dataset.owner}:${location.pathname}`;
  const batch = form.elements.namedItem("batch");
  const boxes = () => [...form.elements].filter((box) => box.name && !NOT_KEPT.has(box.name));
  const items = new Set(boxes().filter((box) => box.name.startsWith("item_")).map((box) => box.name));
  const isChoice = (box) => box.type === "radio" || box.type === "checkbox";
  let lasting = true;
  let changed = false;

  function values() {
    const found = {};
    for (const box of boxes()) {
      if (!isChoice(box)) found[box.name] = box.value;
      else if (box.checked) found[box.name] = box.value;
    }
    return found;
  }

  function say(words = "") {
    const rated = Object.keys(values()).filter((name) => items.has(name)).length;
    const whole = `${rated} of ${items.size}`;
    let kept = `${whole} rated. Nothing is saved before you sign and send it.`;
    if (changed && lasting) kept = `${whole} kept on this device, not sent yet.`;
    if (changed && !lasting) kept = `${whole} rated, not sent yet. This device keeps nothing, so leave this page open until it is sent.`;
    for (const place of form.querySelectorAll("[data-kept], [data-kept-again]")) place.textContent = `${words} ${kept}`.trim();
  }

  const draft = () => ({ batch: batch.value, values: values(), at: Date.now() });

  function keepAll() {
    changed = true;
    lasting = keep(key, draft());
    say();
  }

  function restore(saved) {
    batch.value = saved.batch;
    for (const box of boxes()) {
      if (isChoice(box)) box.checked = saved.values[box.name] === box.value;
      else if (box.name in saved.values) box.value = saved.values[box.name];
    }
    keepAll();
  }

  // When something was kept, on the School's clock.
  function when(at) {
    const part = (options) => new Date(at).toLocaleString("en-GB", { timeZone: "Europe/London", ...options });
    const day = part({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).replace(",", "");
    return `${day} at ${part({ hour: "2-digit", minute: "2-digit" })}`;
  }

  // Nothing is filled in unasked: whoever holds the tablet now may be rating another attempt.
  function offer(saved) {
    const box = document.createElement("div");
    box.className = "soo-panel soo-panel--warn";
    box.setAttribute("role", "status");
    const words = document.createElement("p");
    const rated = Object.keys(saved.values).filter((name) => items.has(name)).length;
    words.textContent = `You rated ${rated} of ${items.size} items here on ${when(saved.at)} and did not send them. They are kept on this device for 3 days, or until you sign out.`;
    const acts = document.createElement("div");
    acts.className = "soo-buttons nhsuk-u-margin-top-0";
    for (const [text, act] of [
      ["Bring it back", () => restore(saved)],
      ["Throw it away", () => keep(key, changed ? draft() : null)],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "nhsuk-button nhsuk-button--secondary";
      button.textContent = text;
      button.addEventListener("click", () => {
        act();
        box.remove();
        say();
        boxes()[0].focus();
      });
      acts.append(button);
    }
    box.append(words, acts);
    form.before(box);
  }

  // A form that the server has filled in, after an error or a proof, holds what was sent; a fresh one holds nothing.
  const saved = read(key);
  if (saved?.values && saved.batch !== batch.value && !form.elements.namedItem("resumed_act")?.value) {
    offer(saved);
    say();
  } else {
    changed = Boolean(saved) || form.querySelector(".nhsuk-error-message") !== null;
    if (changed) keepAll();
    else say();
  }

  form.addEventListener("input", keepAll);
  form.addEventListener("change", keepAll);
  form.addEventListener("submit", (event) => {
    form.elements.namedItem("device_time").value = new Date().toISOString();
    keepAll();
    if (!navigator.onLine) {
      event.preventDefault();
      say("There is no network. Press the button again when there is.");
    }
  });
}
