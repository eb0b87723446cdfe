// Ask the browser for a passkey, put its answer into the form's hidden field, and send the form.
// <form data-passkey="get|create"> has a hidden button. The options are in #passkey-options, or at the form's address.

const NEEDED = {
  get: "parseRequestOptionsFromJSON",
  create: "parseCreationOptionsFromJSON",
};

async function questions(form) {
  const stored = document.getElementById("passkey-options");
  if (stored) return JSON.parse(stored.textContent).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The portal answered ${answer.status}.`);
  return (await answer.json()).request_options.publicKey;
}

async function ask(form) {
  const json = await questions(form);
  if (form.dataset.passkey === "create") {
    // This passkey signs in by itself, so the device must find it without a name and check a face, finger or PIN.
    Object.assign(json.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) });
}

function say(form, words) {
  form.querySelector("[data-passkey-says]").textContent = words;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("[data-passkey-without]").remove();
  if (!window.PublicKeyCredential?.[NEEDED[form.dataset.passkey]]) {
    say(form, "This browser cannot use passkeys here: it is too old, or the page did not come over https.");
    continue;
  }
  const button = form.querySelector("button[hidden]");
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    say(form, "");
    try {
      const credential = await ask(form);
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (problem) {
      const known = {
        NotAllowedError: "No passkey was used: it was canceled, took too long, or there is none for this portal here.",
        InvalidStateError: "This device already has a passkey of yours for the portal.",
      };
      say(form, known[problem.name] ?? `That did not work: ${problem.message}`);
      button.disabled = false;
    }
  });
}
