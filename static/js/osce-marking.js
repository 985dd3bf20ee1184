// Marks of an OSCE on a tablet. Every press is an event with a UUID of its own, kept on this device under its examiner until the server has
// said that it has that UUID; sending it twice makes one. Other candidates of the station open without a signal. The page works without this script.
const root = document.querySelector("[data-marking]");
const { owner, exam, place, short } = root.dataset;
const url = root.dataset.marking;
const form = root.querySelector("[data-sheet]");
const sync = root.querySelector("[data-sync]");
const comment = form.elements.namedItem("comment");
const parts = [...form.querySelectorAll("[data-part]")].map((box) => box.dataset.part);
const people = [...root.querySelectorAll("[data-candidate]")].map((line) => ({
  line,
  uuid: line.dataset.candidate,
  number: line.dataset.number,
  name: line.dataset.name,
  starts: Date.parse(line.dataset.starts),
  ends: Date.parse(line.dataset.ends),
  state: JSON.parse(line.dataset.state),
}));
const BEAT = 15000;
const KEPT_DAYS = 7;
let current = people.find((one) => one.line.querySelector("[aria-current]"));
let events = []; // of this examiner at any exam, as this device keeps them
let pending = []; // on their way into the device's store
let closings = [];
let foreign = 0; // unsent events of somebody else on this device
const confirmed = new Set(); // sent events that the state of their sheet, as it stands here, has heard of
let lost = ""; // why the server cannot be reached, and since when
let lasting = true;
let busy = false;
let again = false;
let typing;
let dirty = false;
let replaced = []; // the comments that stood when typing began
let token = form.elements.namedItem("csrfmiddlewaretoken").value;
let offset = Date.parse(root.dataset.now) - performance.now();

const uuid4 = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
const clock = (date = new Date()) => date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const counted = (n, one, many) => `${n} ${n === 1 ? one : many}`;

// The device's store. There is no index: what is unsent is found by reading everything.
const store = await new Promise((done) => {
  let asked;
  try {
    asked = indexedDB.open("soo-osce-marks", 1);
  } catch {
    return done(null);
  }
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("events", { keyPath: "uuid" });
    asked.result.createObjectStore("closings", { keyPath: "uuid" });
    asked.result.createObjectStore("meta", { keyPath: "key" });
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => done(null);
  asked.onblocked = () => done(null);
});
lasting = store !== null;
const memory = { events: new Map(), closings: new Map(), meta: new Map() };

// One transaction, strictly durable: `work` gets the stores; the promise is kept once the device has written.
function change(work) {
  if (!lasting) {
    const table = (name) => ({
      get: (key, then) => then(memory[name].get(key)),
      put: (row) => memory[name].set(row.key ?? row.uuid, row),
      delete: (key) => memory[name].delete(key),
    });
    work(table);
    return Promise.resolve();
  }
  return new Promise((done, failed) => {
    const all = store.transaction(["events", "closings", "meta"], "readwrite", { durability: "strict" });
    const table = (name) => {
      const rows = all.objectStore(name);
      return {
        get: (key, then) => (rows.get(key).onsuccess = (event) => then(event.target.result)),
        put: (row) => rows.put(row),
        delete: (key) => rows.delete(key),
      };
    };
    all.oncomplete = () => done();
    all.onerror = () => failed(all.error);
    all.onabort = () => failed(all.error);
    work(table);
  });
}

function everything(name) {
  if (!lasting) return Promise.resolve([...memory[name].values()]);
  return new Promise((done, failed) => {
    const asked = store.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function reload() {
  const all = await everything("events");
  const written = new Set(all.map((one) => one.uuid));
  pending = pending.filter((one) => !written.has(one.uuid));
  events = [...all.filter((one) => one.owner === owner).sort((a, b) => a.number - b.number), ...pending];
  for (const one of events) if (!one.sent) one.refused = tried.get(one.uuid) ?? "";
  foreign = all.filter((one) => one.owner !== owner && !one.sent).length;
  closings = (await everything("closings")).filter((one) => one.owner === owner);
}

let device;
// Why the server refused a mark since this page was opened: each is tried once more by the next page.
const tried = new Map();
await change((table) =>
  table("meta").get("device", (row) => {
    device = row?.uuid ?? uuid4();
    if (!row) table("meta").put({ key: "device", uuid: device });
  }),
);

async function record(part, value, words = "", what = "", seen = standing(current, part).map(([uuid]) => uuid)) {
  const candidate = current.uuid;
  const event = {
    uuid: uuid4(),
    owner,
    device,
    exam,
    place,
    url,
    candidate,
    part,
    value,
    words,
    seen,
    at: new Date().toISOString(),
    who: current.number,
    what: `${short} ${what}`,
    sent: false,
    refused: "",
  };
  const key = [owner, exam, place, candidate].join("/");
  // Other words take the place of those that the server refuses: their numbers stay used, by events without words.
  const old = part === "comment" ? refusedWords() : [];
  const emptied = old.map((one) => ({ ...one, uuid: uuid4(), value: "cleared", words: "", refused: "" }));
  event.seen = [...emptied.map((one) => one.uuid), ...seen];
  pending.push(...emptied, event);
  events = [...events.filter((one) => !old.includes(one)), ...emptied, event];
  show();
  try {
    await change((table) =>
      table("meta").get(key, (row) => {
        event.number = (row?.last ?? 0) + 1;
        table("meta").put({ key, last: event.number });
        for (const one of old) table("events").delete(one.uuid);
        for (const one of [...emptied, event]) table("events").put(one);
      }),
    );
  } catch {
    // A full or broken device: this page holds what it would have kept, and counts as a device of its own.
    if (lasting) {
      lasting = false;
      device = uuid4();
      for (const one of events) memory.events.set(one.uuid, one);
      for (const one of closings) memory.closings.set(one.uuid, one);
    }
    const last = memory.meta.get(key)?.last ?? 0;
    memory.meta.set(key, { key, last: last + 1 });
    event.device = device;
    event.number = last + 1;
    memory.events.set(event.uuid, event);
  }
  flush();
}

// What the server has of a part, with what only this device knows on top: [uuid, value, when, words] each.
const unsent = () => events.filter((one) => !one.sent);
function standing(person, part) {
  const own = events.filter((one) => one.exam === exam && one.place === place && one.candidate === person.uuid && one.part === part && !one.refused);
  const seen = new Set(own.flatMap((one) => one.seen));
  const said = (person.state.standing[part] ?? []).filter(([uuid]) => !seen.has(uuid));
  const there = new Set(said.map(([uuid]) => uuid));
  const more = own.filter((one) => !(one.sent && confirmed.has(one.uuid)) && !seen.has(one.uuid) && !there.has(one.uuid));
  return [...said, ...more.map((one) => [one.uuid, one.value, clock(new Date(one.at)), one.words])];
}

const refusedWords = () => unsent().filter((one) => one.refused && one.part === "comment" && one.exam === exam && one.place === place && one.candidate === current.uuid);
const commented = () => refusedWords().at(-1)?.words ?? standing(current, "comment").map(([, , , text]) => text).filter(Boolean).join("\n");
const pressed = (value) => (value === "not_observed" ? "n" : value === "cleared" ? "" : String(value));
const onlyHere = (person, part) => unsent().some((one) => one.exam === exam && one.place === place && one.candidate === person.uuid && one.part === part);
const closing = (person) => closings.find((one) => one.exam === exam && one.place === place && one.candidate === person.uuid);

function show() {
  const left = [];
  let open = 0;
  for (const part of parts) {
    const box = document.getElementById(`part-${part}`);
    const found = standing(current, part);
    const values = [...new Set(found.map(([, value]) => pressed(value)))];
    const value = values.length === 1 ? values[0] : "";
    for (const input of box.querySelectorAll("input")) input.checked = input.value === value;
    box.disabled = Boolean(current.state.closed || closing(current));
    box.querySelector("[data-here]").textContent =
      values.length > 1
        ? `Two devices or windows disagree: ${found.map(([, one, at]) => `${named(box, pressed(one))} at ${at}`).join(", ")}. Choose one.`
        : onlyHere(current, part)
          ? "On this device only"
          : "";
    takeBack(box, part, value);
    if (!value) {
      open += 1;
      left.push(part === "grade" ? "the overall judgement" : box.querySelector("b").textContent.replace(".", ""));
    }
  }
  if (document.activeElement !== comment) comment.value = commented();
  comment.disabled = Boolean(current.state.closed || closing(current));
  root.querySelector('[data-here="comment"]').textContent = onlyHere(current, "comment") ? "On this device only" : "";
  root.querySelector("[data-progress]").textContent = open
    ? `${parts.length - open} of ${parts.length} marked. Left: ${left.join(", ")}. An empty item is not a zero.`
    : "Everything is marked. The sheet cannot change once it is closed.";
  root.querySelector("[data-acts]").hidden = Boolean(current.state.closed || closing(current));
  const after = root.querySelector("[data-closed]");
  after.hidden = !current.state.closed;
  if (current.state.closed) after.querySelector("a").href = `${root.dataset.sheets}${current.state.sheet}/`;
  root.querySelector("[data-title]").textContent = `Candidate ${current.number}`;
  root.querySelector("[data-name]").textContent = current.name;
  for (const person of people) {
    const link = person.line.querySelector("a");
    if (person === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    const waits = unsent().filter((one) => one.exam === exam && one.place === place && one.candidate === person.uuid).length;
    link.querySelector("[data-status]").textContent = person.state.closed
      ? "closed"
      : closing(person)
        ? "waits to close"
        : waits
          ? `${waits} only here`
          : Object.keys(person.state.standing).length
            ? "begun"
            : "";
  }
  report();
}

const named = (box, value) => (value === "" ? "taken back" : box.querySelector(`input[value="${value}"] + label`)?.textContent.trim());

function takeBack(box, part, value) {
  let button = box.querySelector("[data-back]");
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "soo-textbutton soo-item__back";
    button.dataset.back = "";
    button.textContent = "Take back";
    button.addEventListener("click", () => record(part, "cleared", "", "taken back"));
    box.querySelector("[data-here]").after(button);
  }
  button.hidden = !value || box.disabled;
}

function report() {
  const refused = unsent().filter((one) => one.refused);
  const waiting = unsent().length - refused.length;
  const elsewhere = closings.filter((one) => one.url !== url).length;
  const words = [];
  if (waiting) words.push(`${counted(waiting, "mark is", "marks are")} on this device only.${lost ? ` ${lost}` : ""} ${lasting ? "Keep this page open: they go when the server answers." : "This device keeps nothing: leave this page open."}`);
  const unfit = refused.find((one) => one.part === "comment");
  const marks = refused.filter((one) => one.part !== "comment");
  if (unfit) words.push(`The server refuses your comment on candidate ${unfit.who}: ${unfit.refused} It is on this device only until you change it.`);
  if (marks.length) words.push(`The server refuses ${counted(marks.length, "mark", "marks")}: ${marks[0].refused} They are kept here: save them as a file and tell whoever runs the exam.`);
  if (foreign) words.push(`${counted(foreign, "mark", "marks")} of somebody else ${foreign === 1 ? "is" : "are"} on this device only: they go when that examiner opens their station here.`);
  if (elsewhere) words.push(`${counted(elsewhere, "sheet", "sheets")} of another station of yours ${elsewhere === 1 ? "waits" : "wait"} to close: open that station.`);
  if (!words.length) words.push(current.state.closed ? `This sheet was closed at ${current.state.closed}. It never changes.` : "All your marks are safe on the server.");
  const text = words.join(" ");
  if (sync.textContent !== text) sync.textContent = text;
  sync.dataset.kind = refused.length ? "refused" : waiting || foreign || elsewhere ? "device" : "safe";
  if (refused.length) root.querySelector("[data-without]").hidden = false;
}

// What the server says is believed only when it names the UUID; any other answer leaves everything where it is.
async function post(body) {
  const ask = () =>
    fetch(body.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body.data),
      redirect: "manual",
      signal: AbortSignal.timeout(20000),
    });
  let answer;
  try {
    answer = await ask();
    if (answer.status === 403) {
      await renew();
      answer = await ask();
    }
  } catch {
    return why("There is no signal");
  }
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return why("You are signed out: sign in on another page, then come back");
  if (answer.status === 409) return why("Somebody else is signed in here: sign in as yourself again");
  if (answer.status === 404) return why("This station is not yours now: tell whoever runs the exam");
  if (!answer.ok) return why("The server has a fault");
  let found;
  try {
    found = await answer.json();
  } catch {
    return why("The server did not answer as it should");
  }
  if (!Array.isArray(found.kept)) return why("The server did not answer as it should");
  lost = "";
  offset = Date.parse(found.now) - performance.now();
  return found;
}

function why(words) {
  if (!lost.startsWith(words)) lost = `${words}, since ${clock()}.`;
  return null;
}

async function renew() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  if (page.querySelector("[data-marking]")?.dataset.owner !== owner) return;
  token = page.querySelector('[data-sheet] [name="csrfmiddlewaretoken"]')?.value ?? token;
}

async function flush() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    do {
      again = false;
      await round();
    } while (again);
  } finally {
    busy = false;
    show();
  }
}

async function round() {
  await reload();
  const ready = unsent().filter((one) => !pending.includes(one) && !one.refused);
  const doors = new Set([url, ...ready.map((one) => one.url), ...closings.map((one) => one.url)]);
  for (const door of doors) {
    const own = ready.filter((one) => one.url === door).slice(0, 200);
    // A sheet is closed only once nothing of it is on this device alone.
    const asked = closings.filter((one) => one.url === door && (one.without || !unsent().some((event) => event.url === door && event.candidate === one.candidate && !own.includes(event))));
    const found = await post({
      url: door,
      data: {
        owner,
        device,
        unsent: unsent().length,
        shown: door === url ? current.uuid : null,
        events: own.map(({ uuid, device, number, candidate, part, value, seen, at, words }) => ({ uuid, device, number, candidate, part, value, seen: seen.slice(0, 10), at, words })),
        closing: asked.map(({ candidate, uuid, without }) => ({ candidate, uuid, without })),
      },
    });
    if (!found) return;
    await settle(own, asked, found, door);
    if (ready.filter((one) => one.url === door).length > own.length) again = true;
  }
}

async function settle(own, asked, found, door) {
  const kept = new Set(found.kept);
  // Together, before anything is awaited: a mark that is neither sent nor said by the server would be pressed again unseen.
  for (const one of own) {
    one.sent = kept.has(one.uuid);
    one.refused = one.sent ? "" : (found.refused[one.uuid] ?? "");
    if (one.refused) tried.set(one.uuid, one.refused);
  }
  if (door === url)
    for (const person of people.filter((one) => found.states[one.uuid])) {
      person.state = found.states[person.uuid];
      for (const one of events) if (one.sent && one.candidate === person.uuid) confirmed.add(one.uuid);
    }
  const told = asked.filter((one) => !found.open[one.candidate] || door === url);
  await change((table) => {
    for (const one of own) if (one.sent || one.refused) table("events").put(one);
    for (const one of told) table("closings").delete(one.uuid);
  });
  await reload();
  if (door === url) for (const one of asked) if (found.open[one.candidate]) complain(one, found.open[one.candidate]);
}

function complain(asked, words) {
  const person = people.find((one) => one.uuid === asked.candidate);
  if (!person) return;
  if (/not arrived/.test(words)) root.querySelector("[data-without]").hidden = false;
  problems([[`part-${parts[0]}`, `The sheet of candidate ${person.number} is not closed. ${words}`]]);
}

function problems(found) {
  const place = root.querySelector("[data-problems]");
  place.replaceChildren();
  if (!found.length) return;
  const box = document.createElement("div");
  box.className = "nhsuk-error-summary";
  box.tabIndex = -1;
  const inner = document.createElement("div");
  inner.setAttribute("role", "alert");
  const heading = document.createElement("h2");
  heading.className = "nhsuk-error-summary__heading";
  heading.textContent = "There is a problem";
  const list = document.createElement("ul");
  list.className = "nhsuk-list nhsuk-error-summary__list";
  for (const [target, words] of found) {
    const link = document.createElement("a");
    link.href = `#${target}`;
    link.textContent = words;
    list.append(document.createElement("li"));
    list.lastChild.append(link);
  }
  inner.append(heading, list);
  box.append(inner);
  place.append(box);
  box.focus();
}

async function close() {
  noteComment();
  const empty = parts.filter((part) => {
    const values = new Set(standing(current, part).map(([, value]) => pressed(value)));
    return values.size !== 1 || values.has("");
  });
  problems(empty.map((part) => [`part-${part}`, part === "grade" ? "Choose an overall judgement." : `Item ${document.getElementById(`part-${part}`).querySelector("b").textContent.replace(".", "")} is empty: give a mark, or say that it was not observed.`]));
  if (empty.length) return;
  const row = { uuid: uuid4(), owner, exam, place, url, candidate: current.uuid, without: form.elements.namedItem("without_missing").checked };
  try {
    await change((table) => table("closings").put(row));
  } catch {
    memory.closings.set(row.uuid, row);
  }
  closings.push(row);
  show();
  await flush();
  const next = people.find((one) => !one.state.closed && !closing(one));
  if (next && next !== current && (current.state.closed || closing(current))) choose(next);
}

function choose(person) {
  comment.blur();
  noteComment();
  current = person;
  problems([]);
  root.querySelector("[data-without]").hidden = true;
  form.elements.namedItem("without_missing").checked = false;
  form.elements.namedItem("candidate").value = person.number;
  const time = root.querySelector("[data-time]");
  time.textContent = person.starts ? `, ${clock(new Date(person.starts))} to ${clock(new Date(person.ends))}` : "";
  document.title = document.title.replace(/Candidate \d+/, `Candidate ${person.number}`);
  history.replaceState(null, "", `?candidate=${person.number}`);
  show();
  tick();
  current.line.scrollIntoView({ block: "nearest", inline: "center" });
  const title = root.querySelector("h1");
  title.tabIndex = -1;
  title.focus();
  flush();
}

// What was typed since the last event about the comment; what another device wrote meanwhile is no typing of this one.
function noteComment() {
  clearTimeout(typing);
  const typed = comment.value.trim();
  const before = commented();
  if (!dirty || comment.disabled || typed === before) return;
  dirty = false;
  record("comment", typed ? "words" : "cleared", typed, "comment", replaced);
}

function tick() {
  const left = root.querySelector("[data-left]");
  const now = offset + performance.now();
  if (!current.ends || now > current.ends || now < current.starts) {
    left.textContent = "";
    return;
  }
  const seconds = Math.floor((current.ends - now) / 1000);
  left.textContent = `. ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
}

function save() {
  const quoted = (value) => `"${String(value ?? "").replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;
  const rows = events.map((one) => [one.who, one.what, one.value, one.words, one.at, one.sent ? "yes" : "no", one.refused, one.uuid]);
  const text = [["candidate", "part", "mark", "comment", "pressed at", "on the server", "refused", "uuid"], ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.download = `osce-marks-${short}-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

form.addEventListener("change", (event) => {
  const box = event.target.closest("[data-part]");
  if (box) record(box.dataset.part, event.target.value === "n" ? "not_observed" : Number(event.target.value), "", box.dataset.what);
  else if (event.target === comment) noteComment();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  close();
});
for (const person of people)
  person.line.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    choose(person);
  });
comment.addEventListener("input", () => {
  if (!dirty) replaced = standing(current, "comment").map(([uuid]) => uuid);
  dirty = true;
  clearTimeout(typing);
  typing = setTimeout(noteComment, 2000);
});
form.querySelector("[data-save]").hidden = true;
const file = root.querySelector("[data-export]");
file.hidden = false;
file.addEventListener("click", save);
addEventListener("online", flush);
addEventListener("beforeunload", (event) => unsent().length && event.preventDefault());
addEventListener("pagehide", noteComment);
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? flush() : noteComment()));
setInterval(flush, BEAT);
setInterval(tick, 1000);

await reload();
const old = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
await change((table) => {
  for (const one of events) if (one.sent && Date.parse(one.at) < old) table("events").delete(one.uuid);
});
for (const one of events) if (one.sent) confirmed.add(one.uuid);
root.dataset.ready = "";
current.line.parentNode.scrollLeft = current.line.offsetLeft - current.line.parentNode.offsetLeft - 8;
show();
tick();
flush();
