// Sends the ballot's form, one request after the other, and keeps what is on the page until the portal has it.
//
// By fetch and not by htmx: htmx drops a queued request when the answer before it replaces the form, and forgets which button
// was pressed, so of three quick taps on "Up" one would count. Here each tap waits in a queue and leaves with the newest version.
import { refreshToken } from "../csrf.js";
import { announce } from "./announce.js";
import { chosenRow, swap } from "./swap.js";

const PAUSE = 600; // ms from the last edit to the save
const PATIENCE = 20_000; // ms for an answer
const TRIES = 5;
const LONGEST_WAIT = 60; // s between two of them

export function keepSaved(root) {
  const problem = Object.assign(document.createElement("div"), { className: "ballot-problem", role: "alert" });
  const queue = []; // actions to send, {action, auto}; the first may be on its way
  let sending = false;
  let tries = 0;
  let timer = 0;
  let edits = 0; // numbers typed and rows dropped, counted
  let safe = 0; // how many of these the portal has
  let typing = false; // a number is typed, its field not left yet
  let waiting = null; // an answer that waits until the number fields are left
  let release = null; // while a finger or button is down: nothing is replaced under it, nor during a drag
  let released = Promise.resolve();

  function edited() {
    edits += 1;
    waiting = null;
    guard();
  }

  function pause() {
    typing = false;
    clearTimeout(timer);
    timer = setTimeout(settle, PAUSE);
  }

  function settle() {
    if (edits !== safe && !queue.length) queue.push({ action: "save", auto: true });
    if (queue.length) send();
    else if (waiting && !inNumber()) show(waiting);
  }

  async function send() {
    clearTimeout(timer);
    if (sending || !queue.length) return;
    sending = true;
    waiting = null;
    const [mark, chosen] = [edits, chosenRow(root)];
    say("Saving…");
    guard();
    const answer = await post(root.querySelector("form"), queue[0].action);
    await released;
    sending = false;
    const page = new DOMParser().parseFromString(answer?.text ?? "", "text/html");
    const fresh = page.getElementById("ballot");
    if (fresh) take({ fresh, chosen }, answer.status === 200, mark);
    else if (!answer || answer.status >= 500 || answer.status === 429) retry(answer);
    else refuse(answer.status, page);
    guard();
  }

  function take(answer, ok, mark) {
    const { action, auto } = queue.shift();
    tries = 0;
    problem.replaceChildren();
    if (ok) safe = mark;
    else queue.length = 0;
    if (edits !== mark) {
      // somebody went on typing or dragging: their page stays, and a move comes again on top of it
      if (ok) takeState(answer.fresh);
      else say("Not saved yet");
      if (ok && action.includes(":")) queue.unshift({ action });
      if (!typing) pause();
    } else if (ok && auto && inNumber() && !queue.length) {
      takeState(answer.fresh);
      waiting = answer;
    } else {
      show(answer, action.split(":")[1]);
      send();
    }
  }

  function show({ fresh, chosen }, moved) {
    waiting = null;
    swap(root, fresh, chosen, moved);
    announce(root.querySelector("[data-announce]")?.textContent.trim());
  }

  function takeState(fresh) {
    const parts = ["[name=version]", "[data-save-state]", ".castbar-state"];
    for (const part of parts) {
      root.querySelector(part)?.replaceWith(fresh.querySelector(part)?.cloneNode(true) ?? "");
    }
  }

  function retry(answer) {
    const reason = answer ? "the portal is busy" : "there is no connection";
    tries += 1;
    if (tries > TRIES) return complain(`Not saved: ${reason}. Your order is still here; press Save to try again.`);
    const wait = Math.min(Number(answer?.retryAfter) || 2 ** tries, LONGEST_WAIT);
    timer = setTimeout(send, wait * 1000);
    complain(`Not saved: ${reason}. Your order is still here; trying again in ${wait} seconds.`);
  }

  function refuse(status, page) {
    const notice = status === 401 && page.querySelector(".notice");
    if (notice) {
      problem.replaceChildren(notice); // it opens sign-in in a new tab; back in this one, again() sends what waits
      return say("Not saved");
    }
    queue.length = 0;
    complain(`Not saved: the portal refused it (${status}). Your order is still here; copy it before you load the page again.`);
  }

  function complain(sentence) {
    problem.innerHTML = '<div class="notice"><p></p></div>';
    problem.querySelector("p").textContent = sentence;
    say("Not saved");
  }

  function again() {
    tries = 0;
    send();
  }

  function press() {
    if (!release) released = new Promise((resolve) => (release = resolve));
  }

  function lift() {
    release?.();
    release = null;
  }

  function submit(event) {
    event.preventDefault();
    queue.push({ action: event.submitter?.value ?? "save" });
    again();
  }

  function forget() {
    [safe, queue.length] = [edits, 0];
    guard();
  }

  function guard() {
    const unsaved = (edits !== safe || queue.length) && root.querySelector("form");
    (unsaved ? addEventListener : removeEventListener)("beforeunload", warn);
  }

  const inNumber = () => root.contains(document.activeElement) && document.activeElement.matches(".rank-no");
  const say = (word) => root.querySelectorAll("[data-save-word]").forEach((slot) => (slot.textContent = word));

  // Caught on the way down and not let through, so that a form with htmx's attributes is not sent twice.
  const on = (type, selector, ...listeners) =>
    root.addEventListener(
      type,
      (event) => {
        if (!event.target.closest(selector)) return;
        if (selector === "form") event.stopPropagation();
        listeners.forEach((listener) => listener(event));
      },
      true,
    );
  root.before(problem);
  on("submit", "form", submit);
  on("autosave", "form", edited, pause);
  on("input", ".rank-no", edited, () => (typing = true));
  on("change", ".rank-no", pause);
  on("focusout", ".rank-no", () => (edits !== safe || waiting) && pause());
  on("click", ".notice a.btn", forget);
  on("pointerdown", "*", press);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(lift)); // the click comes first
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => (document.hidden ? settle() : again()));
}

// `warn` is one function for good, so that the guard can be taken off: pages with a guard are not kept for the Back button.
const warn = (event) => event.preventDefault();

async function post(form, action) {
  refreshToken(form);
  const body = new URLSearchParams(new FormData(form));
  body.set("action", action);
  const headers = { "HX-Request": "true" };
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    // not form.action: that is the buttons of this name
    const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers, signal, keepalive: true });
    return { status: response.status, retryAfter: response.headers.get("Retry-After"), text: await response.text() };
  } catch {
    return null;
  }
}
