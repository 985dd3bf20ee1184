// Passkeys: makes one, or uses one, with the options that the server wrote into the page or answers with.
// A form names its part: data-passkey="add", "use" (options in the page) or "sign-in" (options fetched).

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

function toText(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const withBytes = (list) => (list || []).map((item) => ({ ...item, id: toBytes(item.id) }));

async function make(options) {
  const wanted = { ...options.publicKey };
  wanted.challenge = toBytes(wanted.challenge);
  wanted.user = { ...wanted.user, id: toBytes(wanted.user.id) };
  wanted.excludeCredentials = withBytes(wanted.excludeCredentials);
  wanted.authenticatorSelection = {
    ...wanted.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  const made = await navigator.credentials.create({ publicKey: wanted });
  return described(made, {
    clientDataJSON: toText(made.response.clientDataJSON),
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports ? made.response.getTransports() : [],
  });
}

async function use(options) {
  const wanted = { ...options.publicKey };
  wanted.challenge = toBytes(wanted.challenge);
  wanted.allowCredentials = withBytes(wanted.allowCredentials);
  const used = await navigator.credentials.get({ publicKey: wanted });
  return described(used, {
    clientDataJSON: toText(used.response.clientDataJSON),
    authenticatorData: toText(used.response.authenticatorData),
    signature: toText(used.response.signature),
    userHandle: used.response.userHandle ? toText(used.response.userHandle) : null,
  });
}

function described(credential, response) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "sign-in") {
    const options = JSON.parse(form.dataset.options);
    return options.creation_options || options.request_options || options;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return (await answer.json()).request_options;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = form.querySelector("[role=status]");
  for (const button of form.querySelectorAll("button[hidden]")) button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      if (!window.PublicKeyCredential) throw new Error("This browser has no passkeys.");
      const options = await optionsOf(form);
      const credential = form.dataset.passkey === "add" ? await make(options) : await use(options);
      form.querySelector("input[name=credential]").value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      console.warn(error);
      said.textContent = "No passkey was used. Try again, or choose another way.";
    }
  });
}
