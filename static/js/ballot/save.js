// Save after each change. Each button, and each pause after an edit, is an action in a queue. Actions are sent one at a time with the
// newest version, and the page keeps what the user entered until the server has it.
import { announce } from "./announce.js";
import { post } from "./post.js";
import { chosenRow, swap } from "./swap.js";
import { troubleAbove } from "./trouble.js";

const PAUSE = 600; // ms from the last edit to the save
const TRIES = 5;
const LONGEST_WAIT = 60; // s between two of them

const warn = (event) => event.preventDefault();

export function keepSaved(root) {
  const trouble = troubleAbove(root);
  const queue = []; // {action, auto}; the first may be on its way
  let sending = false;
  let tries = 0;
  let timer = 0;
  let edits = 0; // numbers typed and rows dropped, counted
  let safe = 0; // how many of these the portal has
  let typing = false; // a number is typed and its field not left yet
  let waiting = null; // an answer that waits until the number fields are left
  let pressed = false; // a finger or button is down: nothing is replaced under it, nor during a drag

  const inNumber = () => root.contains(document.activeElement) && document.activeElement.matches(".rank-no");
  const say = (word) => root.querySelectorAll("[data-save-word]").forEach((slot) => (slot.textContent = word));

  function edited() {
    edits += 1;
    waiting = null;
    say("Not saved yet");
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
    say("Saving…");
    guard();
    const [mark, chosen] = [edits, chosenRow(root)];
    const answer = await post(root.querySelector("form"), queue[0].action);
    while (pressed) await new Promise(requestAnimationFrame);
    sending = false;
    if (answer?.fresh) take({ ...answer, chosen }, mark);
    else if (!answer || answer.status >= 500 || answer.status === 429) retry(answer);
    else refuse(answer);
    guard();
  }

  function take(answer, mark) {
    const { action, auto } = queue.shift();
    const saved = answer.status === 200;
    tries = 0;
    trouble.clear();
    if (saved) safe = mark;
    else queue.length = 0;
    if (edits !== mark) {
      // The user went on typing or dragging: keep their page, and send the move again on top of it.
      if (saved) takeState(answer.fresh);
      say("Not saved yet");
      if (saved && action.includes(":")) queue.unshift({ action });
      if (!typing) pause();
    } else if (saved && auto && inNumber() && !queue.length) {
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
    for (const part of ["[name=version]", "[data-save-state]", ".castbar-state"]) {
      const newer = fresh.querySelector(part);
      if (newer) root.querySelector(part)?.replaceWith(newer.cloneNode(true));
    }
  }

  function retry(answer) {
    const reason = answer ? "the portal is busy" : "there is no connection";
    const seconds = Math.min(answer?.retryAfter || 2 ** (tries + 1), LONGEST_WAIT);
    tries += 1;
    say("Not saved");
    if (tries <= TRIES) timer = setTimeout(send, seconds * 1000);
    const next = tries <= TRIES ? `trying again in ${seconds} s` : "press Save to try again";
    trouble.say(`Not saved: ${reason}. Your order is still here; ${next}.`);
  }

  // Signed out, or somebody else is signed in: the notice says what to do. When the user comes back to this tab, send
  // what is waiting.
  function refuse({ status, notice }) {
    say("Not saved");
    if ((status === 401 || status === 409) && notice) return trouble.show(notice);
    queue.length = 0;
    trouble.say(
      `Not saved: the portal refused it (${status}). Your order is still here; copy it before you load the page again.`,
    );
  }

  function again() {
    tries = 0;
    send();
  }

  function submit(event) {
    event.preventDefault();
    queue.push({ action: event.submitter?.value ?? "save" });
    again();
  }

  // In a conflict, "Keep the saved one" discards this page's order.
  function forget() {
    [safe, queue.length] = [edits, 0];
    guard();
  }

  function guard() {
    const unsaved = (edits !== safe || queue.length) && root.querySelector("form");
    (unsaved ? addEventListener : removeEventListener)("beforeunload", warn);
  }

  // Catch form events in the capture phase and stop them, so that the htmx attributes, meant for a page without this script, do nothing.
  function on(type, selector, listener) {
    const heard = (event) => {
      if (!event.target.closest(selector)) return;
      if (selector === "form") event.stopPropagation();
      listener(event);
    };
    root.addEventListener(type, heard, true);
  }

  on("submit", "form", submit);
  on("autosave", "form", () => pause(edited()));
  on("input", ".rank-no", () => edited((typing = true)));
  on("change", ".rank-no", pause);
  on("focusout", ".rank-no", () => (edits !== safe || waiting) && pause());
  on("click", ".notice a.btn", forget);
  on("pointerdown", "*", () => (pressed = true));
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => setTimeout(() => (pressed = false))); // its click comes first
  }
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => (document.hidden ? settle() : again()));
}
