// Keep what people type through a reload, a lost session or an outage. Each form's text is kept in
// this tab's storage until it is posted; signing out clears it. Forms work without this script.
import { count } from "./count.js";
import "./csrf.js";

const stored = (form) => `draft:${form.dataset.draft}`;
const words = (form) => form.querySelector("textarea[data-longest]");
const DONE = ["post", "withdraw"];

function keep(form) {
  const text = words(form).value;
  if (text.trim()) sessionStorage.setItem(stored(form), JSON.stringify({ text }));
  else sessionStorage.removeItem(stored(form));
}

function draft(form) {
  try {
    return JSON.parse(sessionStorage.getItem(stored(form)));
  } catch {
    return null;
  }
}

// If the page after a post shows that the text was saved, forget the draft; otherwise put it back into its form.
function bringBack(form) {
  if (form.dataset.restores === "no") return;
  if (form.dataset.restores === "never") sessionStorage.removeItem(stored(form));
  const [kept, field] = [draft(form), words(form)];
  if (kept?.sent && location.hash.startsWith("#note-")) return sessionStorage.removeItem(stored(form));
  if (kept && field.value === field.defaultValue && kept.text.trim() !== field.value.trim()) {
    field.value = kept.text;
    form.closest("details")?.setAttribute("open", "");
    say(form, "Your text is back. It is not sent yet.", false);
  }
  count(field);
}

const forms = (root) => [...(root.matches?.("[data-draft]") ? [root] : root.querySelectorAll("[data-draft]"))];

function say(form, sentence, alarm = true) {
  const notice = Object.assign(document.createElement("div"), { className: "notice", role: alarm ? "alert" : "status" });
  notice.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  show(form, notice);
}

function show(form, notice) {
  form.querySelector("[data-trouble]")?.remove();
  notice.dataset.trouble = "";
  form.querySelector(".btns, .submit-row").before(notice);
}

let waiting = null; // what a lapsed session kept from being posted: it is sent again when one is back in this tab

function refused(event) {
  const form = event.target.closest("form.write");
  const { status, responseText } = event.detail.xhr ?? {};
  if (!form || (status && status < 400) || status === 409 || status === 422) return;
  const answer = new DOMParser().parseFromString(responseText ?? "", "text/html").querySelector(".notice");
  if (status === 401 && answer) {
    waiting = { form, button: event.detail.requestConfig?.triggeringEvent?.submitter };
    show(form, answer);
  } else if (status >= 500) {
    say(form, "Not posted: the portal is busy. Your words are still here; try again in a moment.");
  } else if (status) {
    say(form, `Not posted: the portal refused it (${status}). Your words are still here.`);
  } else {
    say(form, "Not posted: there is no connection. Your words are still here.");
  }
}

// When an answer replaces a posted form, forget its draft, and free the name of the place where the form was opened.
function posted(event) {
  const { requestConfig, xhr } = event.detail;
  const form = requestConfig?.elt.closest?.("form.write");
  const action = requestConfig?.formData?.get("action");
  if (!form || requestConfig.elt !== form || xhr.status !== 200) return;
  if (form.dataset.draft && DONE.includes(action)) sessionStorage.removeItem(stored(form));
  if (action !== "earlier") form.closest(".slot")?.removeAttribute("id");
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-draft]");
  if (form && event.target === words(form)) keep(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-draft]");
  if (form && words(form).value.trim()) {
    sessionStorage.setItem(stored(form), JSON.stringify({ text: words(form).value, sent: true }));
  }
});
// What the answer before it said no longer holds.
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  document.getElementById("notices").replaceChildren();
  target.closest("form.write")?.querySelector("[data-trouble]")?.remove();
});
document.addEventListener("htmx:beforeSwap", posted);
document.addEventListener("htmx:afterRequest", refused);
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !waiting?.form.isConnected) return;
  const { form, button } = waiting;
  waiting = null;
  form.requestSubmit(button);
});
document.addEventListener("htmx:load", (event) => {
  for (const form of forms(event.detail.elt)) {
    bringBack(form);
    if (form.closest(".slot")) words(form).focus();
  }
});
forms(document).forEach(bringBack);
