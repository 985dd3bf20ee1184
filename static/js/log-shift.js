// Logging a shift: counts the minutes while one types, asks the server how the week stands, and keeps what was
// typed on this device, under its owner's key, until the server has it. The page works without this script.
const PREFIX = "soo-draft:";
const WAIT = 350;

function kept(owner) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + owner));
  } catch {
    return null;
  }
}

function keep(owner, draft) {
  try {
    if (draft) localStorage.setItem(PREFIX + owner, JSON.stringify(draft));
    else localStorage.removeItem(PREFIX + owner);
  } catch {
    // A device that stores nothing still sends.
  }
}

// What the server has answered with is no draft any more.
for (const sent of document.querySelectorAll("[data-sent]")) {
  if (kept(sent.dataset.owner)?.uuid === sent.dataset.sent) keep(sent.dataset.owner, null);
}

const form = document.querySelector("[data-log-shift]");
if (form) start(form);

function start(form) {
  const owner = form.dataset.owner;
  const field = (name) => form.elements.namedItem(name);
  const fields = () =>
    [...form.elements].filter((box) => box.name && !["csrfmiddlewaretoken", "uuid", "device_time", "until_now"].includes(box.name));

  function draft() {
    const values = {};
    for (const box of fields()) {
      if (box.type === "radio" || box.type === "checkbox") {
        if (box.checked) values[box.name] = box.value;
      } else values[box.name] = box.value;
    }
    return { path: location.pathname, uuid: field("uuid").value, values, at: Date.now() };
  }

  function restore(saved) {
    field("uuid").value = saved.uuid;
    for (const box of fields()) {
      if (box.type === "radio" || box.type === "checkbox") box.checked = saved.values[box.name] === box.value;
      else if (box.name in saved.values) box.value = saved.values[box.name];
    }
    if (field("note")?.value) field("note").closest("details").open = true;
    changed();
  }

  function offer(saved) {
    const box = document.createElement("div");
    box.className = "soo-panel soo-panel--warn";
    box.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = "You typed a shift on this device that was not sent. It is still here.";
    const acts = document.createElement("div");
    acts.className = "soo-buttons nhsuk-u-margin-top-0";
    for (const [text, act] of [
      ["Bring it back", () => restore(saved)],
      ["Throw it away", () => keep(owner, null)],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "nhsuk-button nhsuk-button--secondary";
      button.textContent = text;
      button.addEventListener("click", () => {
        act();
        box.remove();
        field("day_day").focus();
      });
      acts.append(button);
    }
    box.append(words, acts);
    form.before(box);
  }

  function minutes(typed) {
    const found = /^(\d{1,2})[:.\s]?(\d{2})$|^(\d{1,2})$/.exec(typed.trim());
    if (!found) return null;
    const hour = Number(found[1] ?? found[3]);
    const minute = Number(found[2] ?? 0);
    return hour < 24 && minute < 60 ? hour * 60 + minute : null;
  }

  const plural = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;

  // By the clock on the wall; the server's answer, which knows about clock changes, replaces it.
  function count() {
    const [from, to] = [minutes(field("start").value), minutes(field("end").value)];
    const pause = Number.parseInt(field("break_minutes").value || "0", 10);
    const said = form.querySelector("[data-counted]");
    const how = form.querySelector("[data-counted-how]");
    if (!said || from === null || to === null || Number.isNaN(pause)) return;
    const whole = (to - from + 1440) % 1440;
    const counted = whole - pause;
    if (counted <= 0) return;
    const words = [[Math.floor(counted / 60), "hour"], [counted % 60, "minute"]]
      .filter(([number]) => number)
      .map(([number, unit]) => plural(number, unit));
    said.textContent = words.join(" ");
    how.textContent = `counted: ${field("start").value} to ${field("end").value}${to < from ? " next day" : ""} less ${plural(pause, "minute")}`;
  }

  let timer;
  let asked = 0;
  async function ask() {
    const mine = ++asked;
    const query = new URLSearchParams();
    for (const box of fields()) {
      if (!["note", "note_checked"].includes(box.name) && (box.type !== "radio" || box.checked)) query.append(box.name, box.value);
    }
    query.append("uuid", field("uuid").value);
    if (form.dataset.corrects) query.append("corrects", form.dataset.corrects);
    let text;
    try {
      const answer = await fetch(`${form.dataset.week}?${query}`, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      text = await answer.text();
    } catch {
      return; // No signal: what is typed is kept, and the rules are checked when it is sent.
    }
    if (mine !== asked) return;
    const part = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["typed", "week"]) {
      const fresh = part.getElementById(id);
      const old = document.getElementById(id);
      // Words that did not change stay, so that nobody hears them twice and no button moves under a finger.
      if (fresh && old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
    }
    const said = part.querySelector("[data-day-words]");
    if (said) form.querySelector("[data-day-words]").textContent = said.textContent;
  }

  function changed() {
    count();
    keep(owner, draft());
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    field("device_time").value = new Date().toISOString();
    keep(owner, draft());
  });

  const saved = kept(owner);
  if (saved && saved.path === location.pathname && saved.uuid !== field("uuid").value) offer(saved);
}
