// Starts the design system's behaviour on the page, and again on every part that htmx swaps in.
// Its module is found through the page, so that the address carries the hash of its content.
forgetOldDrafts();
warnAtSignOut();

const system = await import(document.getElementById("nhsuk-frontend").href);
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");

const parts = [
  system.Button,
  system.CharacterCount,
  system.Checkboxes,
  system.ErrorSummary,
  system.NotificationBanner,
  system.PasswordInput,
  system.Radios,
  system.SkipLink,
];

function quiet(error) {
  // A part that stands in both the old and the new page has been started already.
  if (error.name !== "InitError") console.error(error);
}

function start(scope) {
  for (const part of parts) system.createAll(part, undefined, { scope, onError: quiet });
  tally(scope);
}

// "4 of 6 ticked" beside a list of boxes; without this script the words that the server wrote stay.
const tallied = new WeakSet();
function tally(scope) {
  for (const list of scope.querySelectorAll("[data-tally]")) {
    if (tallied.has(list)) continue;
    tallied.add(list);
    const said = document.getElementById(list.dataset.tally);
    const boxes = list.querySelectorAll("input[type=checkbox]");
    const say = () => {
      said.textContent = `${list.querySelectorAll("input[type=checkbox]:checked").length} of ${boxes.length} ticked`;
    };
    list.addEventListener("change", say);
    say();
  }
}

start(document);
document.addEventListener("htmx:after:swap", () => start(document));

// What folds on a phone is printed whole, by browsers too that cannot show what is closed.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll(".soo-fold")) fold.open = true;
});

// What an assessor rated and has not sent is kept on the device (see assessment.js): for 3 days, and until somebody signs out.
function drafts() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith("soo-assessment:"));
  } catch {
    return [];
  }
}

function forgetOldDrafts() {
  const oldest = Date.now() - 3 * 24 * 60 * 60 * 1000;
  for (const key of drafts()) {
    let at;
    try {
      at = JSON.parse(localStorage.getItem(key)).at;
    } catch {
      // What cannot be read is as good as old.
    }
    if (!(at > oldest)) localStorage.removeItem(key);
  }
}

function warnAtSignOut() {
  let warned = false;
  document.addEventListener("submit", (event) => {
    if (!event.target.getAttribute("action")?.endsWith("/logout/")) return;
    if (drafts().length && !warned) {
      event.preventDefault();
      warned = true;
      const box = document.createElement("div");
      box.className = "soo-panel soo-panel--warn";
      box.setAttribute("role", "alert");
      box.tabIndex = -1;
      const words = document.createElement("p");
      words.textContent = "What was rated in an assessment on this device is not sent yet. Signing out throws it away: press “Sign out” again to do so.";
      box.append(words);
      document.getElementById("maincontent").prepend(box);
      box.focus();
      return;
    }
    for (const key of drafts()) localStorage.removeItem(key);
  });
}
