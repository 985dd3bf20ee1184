// The clocks of an exam: counted down from the server's time, by a counter that no change of this device's clock moves,
// and the whole board fetched again every ten seconds and at every signal. The page works without this script.
const root = document.querySelector("[data-floor]");
const EVERY = 10_000;
let began = performance.now();
let fetched = began;
let due = false;
let busy = false;

function left(box) {
  const passed = (performance.now() - began) / 1000;
  return Math.max(0, Number(box.dataset.until) - Number(box.dataset.now) - passed);
}

function tick() {
  for (const box of root.querySelectorAll("[data-until]")) {
    const seconds = Math.ceil(left(box));
    if (seconds >= 3_600) continue; // Far off, the time that the server wrote says more.
    const words = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (box.textContent !== words) box.textContent = words;
    if (seconds === 0) due = true;
  }
  const wait = due ? 1_000 : EVERY;
  if (performance.now() - fetched > wait) fresh();
}

async function fresh() {
  if (busy) return;
  busy = true;
  fetched = performance.now();
  try {
    const asked = performance.now();
    const answer = await fetch(root.dataset.floor, { redirect: "error", signal: AbortSignal.timeout(8_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const words = await answer.text();
    root.innerHTML = words;
    // The server read its clock at some moment of the journey: half of it is the best guess.
    began = (asked + performance.now()) / 2;
    due = false;
    tick();
  } catch {
    const minutes = Math.floor((performance.now() - began) / 60_000);
    const said = root.querySelector("[data-floor-said]");
    if (said) said.textContent = `The server cannot be reached${minutes ? ` for ${minutes} min` : ""}. The clocks go on; the rest is old.`;
  } finally {
    busy = false;
  }
}

tick();
setInterval(tick, 250);
addEventListener("visibilitychange", () => document.visibilityState === "visible" && fresh());
