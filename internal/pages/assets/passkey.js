// What a page does with a passkey (WebAuthn): data-passkey is on the button and
// says which ceremony, data-options what the server asks for, in JSON. Without
// script, or where a browser knows no passkeys, the button stays hidden and the
// sentence beside it tells to choose another way.
"use strict";

// Bytes are written as base64url in JSON (WebAuthn, 5.1).
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Options as the browser wants them; parseCreationOptionsFromJSON does the same
// where it is known.
function read(json) {
  const options = JSON.parse(json);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) {
    for (const known of list || []) known.id = bytes(known.id);
  }
  return options;
}

// The credential as the server reads it, like its toJSON().
function write(credential) {
  const from = credential.response, response = { clientDataJSON: text(from.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (from[part]) response[part] = text(from[part]);
  }
  if (from.getTransports) response.transports = from.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {},
  });
}

// Filled tells whether what the form needs besides is typed; a code is not needed
// beside a passkey.
function filled(form) {
  return [...form.elements].every((field) => field.dataset.orPasskey !== undefined || !field.required || field.reportValidity());
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential || !navigator.credentials) continue;
  const form = button.form, around = button.parentElement, says = around.querySelector("[data-passkey-says]");
  let busy = false;
  around.querySelector("[data-passkey-none]").hidden = true;
  button.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (busy || !filled(form)) return;
    busy = true;
    says.textContent = "";
    try {
      const credential = await navigator.credentials[button.dataset.passkey]({ publicKey: read(button.dataset.options) });
      form.elements.passkey.value = write(credential);
      form.requestSubmit(button);
    } catch (error) {
      says.textContent = error.name === "InvalidStateError" ? button.dataset.known : button.dataset.failed;
    } finally {
      busy = false;
    }
  });
}
