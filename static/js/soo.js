// Starts the design system's behaviour on the page, and again on every part that htmx swaps in.
// Its module is found through the page, so that the address carries the hash of its content.
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
