// On pages that are signed: says how much is about to be signed, ticks all lines in place,
// and sends the device's own time along as evidence (the server's time is what counts).
const form = document.getElementById("signing");

if (form) {
  form.addEventListener("submit", () => {
    form.elements.device_time.value = new Date().toISOString();
  });
  const lines = document.getElementById("id_line");
  if (lines?.querySelector("input[name=line]")) follow(lines);
}

function words(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = [];
  if (hours) parts.push(`${hours} hour${hours === 1 ? "" : "s"}`);
  if (rest) parts.push(`${rest} minute${rest === 1 ? "" : "s"}`);
  return parts.join(" ") || "0 minutes";
}

function follow(lines) {
  const about = document.getElementById("about");
  const confirm = document.getElementById("confirm");
  const said = document.getElementById("ticked");
  const boxes = [...lines.querySelectorAll("input[name=line]")];
  const say = () => {
    const ticked = boxes.filter((box) => box.checked);
    const minutes = ticked.reduce((sum, box) => sum + Number(box.dataset.minutes), 0);
    const shifts = `${ticked.length} shift${ticked.length === 1 ? "" : "s"}`;
    said.textContent = `${ticked.length} of ${boxes.length} ticked`;
    about.textContent = ticked.length
      ? `You are about to confirm ${shifts}, ${words(minutes)}`
      : "You are about to confirm the shifts that you ticked";
    if (confirm) confirm.textContent = ticked.length ? `Confirm ${shifts}` : "Confirm the ticked shifts";
  };
  lines.addEventListener("change", say);
  document.getElementById("tick-all")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const box of boxes) box.checked = true;
    say();
  });
  say();
}
