// Logging an examination: only the tracers that the examination is done with stay to be chosen. The server
// says the same of what is sent.
const form = document.querySelector("form[data-tracers]");
const doneWith = new Map(form.dataset.tracers.split(";").map((one) => one.split(":")));
const examinations = [...form.querySelectorAll("input[name=examination]")];
const tracers = [...form.querySelectorAll("input[name=tracer]")];

function narrow() {
  const chosen = examinations.find((box) => box.checked);
  const codes = (doneWith.get(chosen?.value) ?? "").split(" ").filter(Boolean);
  const fits = (box) => !codes.length || codes.includes(box.value);
  for (const box of tracers) {
    box.closest(".nhsuk-radios__item").hidden = !fits(box);
    box.disabled = !fits(box);
    if (!fits(box)) box.checked = false;
  }
  const left = tracers.filter(fits);
  if (left.length === 1) left[0].checked = true;
}

for (const box of examinations) box.addEventListener("change", narrow);
narrow();
