// Post the ballot's fields and read the answer. Use fetch, not htmx: htmx drops a queued request when the
// answer before it replaces the form, and forgets which button was pressed, so of three quick taps on "Up" one would count.
import { refreshToken } from "../csrf.js";

const PATIENCE = 20_000; // ms

// Return `fresh`, the answer's ballot, and `notice`, its first notice; or null if no answer came.
export async function post(form, fields) {
  refreshToken(form);
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const url = form.getAttribute("action"); // form.action is the buttons of that name
  const headers = { "HX-Request": "true" };
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const response = await fetch(url, { method: "POST", body, headers, signal, keepalive: true });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return {
      status: response.status,
      retryAfter: Number(response.headers.get("Retry-After")),
      fresh: page.getElementById("ballot"),
      notice: page.querySelector(".notice"),
    };
  } catch {
    return null;
  }
}
