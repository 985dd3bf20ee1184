// Works out the SHA-256 of a chosen file here, so that the file itself is never sent.
for (const form of document.querySelectorAll("[data-check-file]")) start(form);

function start(form) {
  // Browsers give no hashing to pages that came without HTTPS; there the SHA-256 is typed.
  if (!window.crypto?.subtle) return;
  const file = form.querySelector("input[type=file]");
  const digest = form.elements.namedItem("digest");
  let working = null;
  file.closest("[hidden]").hidden = false;

  async function hash(chosen) {
    const bytes = await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer());
    const hex = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0"));
    digest.value = hex.join("");
  }

  file.addEventListener("change", () => {
    digest.value = "";
    working = file.files[0] ? hash(file.files[0]).catch(() => {}) : null;
  });
  form.addEventListener("submit", (event) => {
    if (!working) return;
    event.preventDefault();
    working.then(() => form.submit());
  });
}
