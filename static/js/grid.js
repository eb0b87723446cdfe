// Make the grid of hindrances quicker: arrow keys move between boxes, and a failed save is explained above the form.
// Without this script, Tab, Space and the Save button work.
import { refreshToken } from "./csrf.js";
import { troubleAbove } from "./ballot/trouble.js";

const form = document.getElementById("grid");
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const warn = (event) => event.preventDefault();

function go(event) {
  const step = STEPS[event.key];
  const cell = event.target.closest("td");
  if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...form.querySelectorAll("tbody tr")];
  const row = rows[rows.indexOf(cell.parentElement) + step[0]];
  const box = row?.cells[cell.cellIndex + step[1]]?.querySelector("input");
  event.preventDefault();
  box?.focus();
}

function keepSafe() {
  const trouble = troubleAbove(form);
  let unsaved = 0; // changes since the last save that went well, counted
  let sent = 0;

  const say = (word) => form.querySelectorAll("[data-save-word]").forEach((slot) => (slot.textContent = word));
  const send = () => form.requestSubmit();
  const guard = () => (unsaved ? addEventListener : removeEventListener)("beforeunload", warn);

  form.addEventListener("change", () => {
    unsaved += 1;
    say("Not saved yet");
    guard();
  });
  form.addEventListener("htmx:configRequest", ({ detail }) => {
    refreshToken(form);
    detail.parameters.csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
    sent = unsaved;
    document.getElementById("notices").replaceChildren();
  });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { status } = detail.xhr;
    if (status === 200) {
      unsaved -= sent;
      sent = 0;
    }
    if ([200, 409, 422].includes(status)) trouble.clear();
    else if (status === 401) {
      const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
      trouble.show(page.querySelector(".notice"));
    } else {
      const reason = status === 0 ? "there is no connection" : status >= 500 ? "the portal is busy" : "the portal refused it";
      trouble.say(`Not saved: ${reason}. What you ticked is still here; press Save to try again.`);
    }
    guard();
  });
  form.addEventListener("click", (event) => {
    if (!event.target.closest(".notice a")) return; // "Keep the saved one" lets go of mine
    unsaved = 0;
    guard();
  });
  addEventListener("online", () => unsaved && send());
  document.addEventListener("visibilitychange", () => !document.hidden && unsaved && send());
}

if (form) {
  form.addEventListener("keydown", go);
  keepSafe();
}
