// Save after each change. Moves are made on the page and saved together after a pause; other buttons are actions in a queue. Requests
// are sent one at a time with the newest version. The page, and this tab's storage for the case that the page is loaded again,
// keep what the user entered until the server has it.
import { announce } from "./announce.js";
import { whenReleased } from "./pointer.js";
import { post } from "./post.js";
import { swap, takeState } from "./swap.js";
import { troubleAbove } from "./trouble.js";

const PAUSE = 600; // ms from the last edit to the save
const TRIES = 5;
const LONGEST_WAIT = 60; // s between two of them

const KEPT = `ballot:${location.pathname}`;

const warn = (event) => event.preventDefault();
const fieldsOf = (form) => Object.fromEntries(new FormData(form));

// `onAnswer(action, status)` is called after an answer has replaced the ballot.
export function keepSaved(root, onAnswer) {
  const trouble = troubleAbove(root, again);
  const queue = []; // actions; the first may be on its way
  let sent = null; // fields that the portal may or may not have: they are sent again until it answers
  let sending = false;
  let tries = 0;
  let timer = 0;
  let edits = 0; // moves made and numbers typed, counted
  let safe = 0; // how many of these the portal has

  const say = (word) => {
    const slot = root.querySelector("[data-save-word]");
    if (slot) slot.textContent = word;
  };

  // A number that is still being typed waits until its field is left.
  function edited({ isTyping = false } = {}) {
    edits += 1;
    say("Not saved yet");
    guard();
    clearTimeout(timer);
    if (!isTyping) timer = setTimeout(send, PAUSE);
  }

  function act(action) {
    if (queue.at(-1) !== action) queue.push(action);
    guard();
    again();
  }

  function next() {
    const savesFirst = edits !== safe && (queue[0] ?? "cast") === "cast"; // so that an undo of the cast keeps the order
    const action = savesFirst ? "save" : queue[0];
    return action ? { fields: { ...fieldsOf(root.querySelector("form")), action }, mark: edits } : null;
  }

  async function send() {
    clearTimeout(timer);
    sent ??= next();
    if (sending || !sent) return;
    sending = true;
    say("Saving…");
    guard();
    const { fields, mark } = sent;
    const answer = await post(root.querySelector("form"), fields);
    await whenReleased();
    sending = false;
    const isBusy = !answer || answer.status >= 500 || answer.status === 429;
    if (!isBusy) sent = null;
    if (answer?.fresh) take(answer, fields.action, mark);
    else if (isBusy) retry(answer);
    else refuse(answer);
    guard();
  }

  function take({ status, fresh }, action, mark) {
    const isSaved = status === 200;
    const hasMoreEdits = edits !== mark;
    const showsRowsOnly = root.querySelector("form.ballot") && !root.querySelector("[data-testid=errors]");
    tries = 0;
    trouble.clear();
    if (isSaved) {
      safe = mark;
      if (queue[0] === action) queue.shift(); // a button that was pressed meanwhile is still to come
    } else {
      queue.length = 0;
    }
    if (isSaved && (hasMoreEdits || (action === "save" && showsRowsOnly))) {
      takeState(root, fresh);
    } else if (isSaved || !hasMoreEdits) {
      swap(root, fresh);
      announce(root.querySelector("[data-announce]")?.textContent.trim());
      guard();
      onAnswer(action, status);
    }
    if (hasMoreEdits) edited();
    else if (queue.length) send();
  }

  function retry(answer) {
    const reason = answer ? "the portal is busy" : "there is no connection";
    const seconds = Math.min(answer?.retryAfter || 2 ** (tries + 1), LONGEST_WAIT);
    tries += 1;
    say("Not saved");
    if (tries <= TRIES) timer = setTimeout(send, seconds * 1000);
    const next = tries <= TRIES ? `trying again in ${seconds} s` : "press the button to try again";
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

  // In a conflict, "Keep the saved one" discards this page's order.
  function forget() {
    [safe, queue.length] = [edits, 0];
    guard();
  }

  function guard() {
    const unsaved = (edits !== safe || queue.length) && root.querySelector("form");
    (unsaved ? addEventListener : removeEventListener)("beforeunload", warn);
    const form = root.querySelector("form.ballot");
    if (!unsaved) sessionStorage.removeItem(KEPT);
    else if (form) sessionStorage.setItem(KEPT, JSON.stringify({ sent, queue, edits, safe, fields: fieldsOf(form) }));
  }

  // After the page is loaded again, go on where it was left: first send again what was on its way.
  function resume() {
    const form = root.querySelector("form.ballot");
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    if (kept?.fields.made_for !== form.elements.made_for.value) return;
    ({ sent, edits, safe } = kept);
    queue.push(...kept.queue);
    for (const [name, value] of Object.entries(kept.fields)) {
      if (name === "version" || name.startsWith("rank-")) form.elements[name].value = value;
    }
    again();
  }

  root.addEventListener("click", (event) => event.target.closest(".notice a.btn") && forget());
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => (document.hidden ? send() : again()));
  return { edited, act, resume };
}
