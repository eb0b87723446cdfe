// Make the ballot quicker: rank by tapping, move rows by buttons, keys and drag, undo, save after each change, announce each move.
// Without this script every button of the form posts it, and the portal does the same.
import { announce, ordinal } from "./ballot/announce.js";
import { dragRows } from "./ballot/drag.js";
import { moves, placeOf, same, tieOf } from "./ballot/order.js";
import { whenReleased } from "./ballot/pointer.js";
import { choose, countWords, inNumber, readOrder, settle, show, titleOf, total } from "./ballot/rows.js";
import { keepSaved } from "./ballot/save.js";
import { ON_SERVER, UndoStack } from "./ballot/undo.js";

const ONCE = "[name=action]:not(.mv, [data-undo])"; // a double click or tap presses these once
const DOUBLE_TAP_MS = 400; // phones call each tap of a double tap a first one
const SECOND_DIGIT_MS = 800;

const root = document.getElementById("ballot");
const form = () => root.querySelector("form.ballot");
const isAdjusting = () => form().dataset.view === "order";
const steps = new UndoStack();
let tapped = { button: null, at: 0 };
let typed = { slug: "", digits: "", at: 0 };
let shown = []; // the order as the page shows it, without what is being typed

function refresh(order) {
  shown = order;
  show(root, order);
  const button = root.querySelector("[data-undo]");
  button.disabled = steps.isEmpty;
  button.querySelector("span").textContent = steps.isOnServer && button.matches("[data-redo]") ? "Redo" : "Undo";
  // "Undo: count it again" holds until something is moved
  for (const other of root.querySelectorAll(".notice [value=undo]")) other.disabled = !steps.isOnServer;
}

function sortRows() {
  if (form() && isAdjusting()) settle(root, shown);
}

// Take over the numbers that were typed: the same number twice is a tie, gaps are closed up. What is no number stays for the portal.
function absorb() {
  const order = readOrder(root);
  if (same(order, shown)) return;
  steps.push(shown);
  refresh(order);
}

// Numbers and rows change neither while numbers are typed nor under a finger.
async function absorbWhenLeft(slug) {
  await whenReleased();
  if (!form() || inNumber(root)) return;
  const before = shown;
  absorb();
  const isNoPlace = tieOf(shown, slug) < 0 && document.getElementById(`no-${slug}`).value; // the portal says what is wrong
  if (before !== shown && !isNoPlace) announce(`${placeWords(shown, slug)} ${ranked(shown)}`);
  sortRows();
}

function change(order, sentence) {
  if (same(order, shown)) return;
  steps.push(shown);
  refresh(order);
  announce(sentence(order));
  saving.edited();
}

function placeWords(order, slug) {
  const at = tieOf(order, slug);
  if (at < 0) return `${titleOf(slug)} taken off.`;
  return `${titleOf(slug)}, ${order[at].length > 1 ? "tied " : ""}${ordinal(placeOf(order, slug))}.`;
}

const ranked = (order) => `${countWords(order.flat().length, total(root))}.`;

function move(verb, slug, number) {
  absorb();
  change(moves[verb](shown, slug, number), (order) => `${placeWords(order, slug)} ${ranked(order)}`);
  sortRows();
}

function undo() {
  absorb();
  if (steps.isEmpty) return;
  const before = steps.pop();
  root.querySelector("[data-undo]").disabled = steps.isEmpty;
  if (before === ON_SERVER) return saving.act("undo");
  const differing = [...new Set([...before, ...shown].flat())].filter((slug) => tieOf(before, slug) !== tieOf(shown, slug));
  const slug = differing.find((each) => tieOf(before, each) < 0 || tieOf(shown, each) < 0) ?? differing[0];
  const place = placeOf(before, slug);
  refresh(before);
  sortRows();
  announce(`Undone: ${titleOf(slug)} is ${place ? ordinal(place) : "off the ranking"} again. ${ranked(before)}`);
  saving.edited();
}

function press(button) {
  const [verb, slug] = button.value.split(":");
  if (button.matches("[data-undo]")) return undo();
  if (!slug) return saving.act(verb);
  if (!button.matches(".rank-tap")) return move(verb, slug);
  if (verb === "drop" && isAdjusting()) return choose(root, root.querySelector("[name=chosen]").value === slug ? "" : slug);
  move(verb === "drop" ? verb : "next", slug);
}

function isDoubled({ detail, target, timeStamp }) {
  const button = target.closest("a, button, summary");
  const isSecond = button === tapped.button && (detail > 1 || (detail && timeStamp - tapped.at < DOUBLE_TAP_MS));
  tapped = { button, at: timeStamp };
  return isSecond && button?.matches(ONCE);
}

function setView(link) {
  const { view } = link.dataset;
  form().dataset.view = root.querySelector("[name=view]").value = view;
  for (const each of root.querySelectorAll(".views a")) {
    each.toggleAttribute("aria-current", each === link);
    if (each === link) each.setAttribute("aria-current", "true");
  }
  for (const hint of root.querySelectorAll("[data-hint]")) hint.hidden = hint.dataset.hint !== view;
  history.replaceState(null, "", link.href);
  choose(root, "");
  sortRows();
  announce(view === "order" ? "Your order, first to last. Choose a row to move it." : "Tap rows in order.");
}

function rankByDigit(slug, event) {
  const again = typed.slug === slug && event.timeStamp - typed.at < SECOND_DIGIT_MS ? typed.digits : "";
  const digits = Number(again + event.key) > total(root) ? event.key : again + event.key;
  typed = { slug, digits, at: event.timeStamp };
  if (Number(digits)) move("place", slug, Number(digits));
}

const ARROWS = { ArrowUp: -1, ArrowDown: 1 };

function pressKey(event) {
  const { key, altKey, ctrlKey, metaKey } = event;
  const isField = event.target.matches("input");
  const handled = (action) => (event.preventDefault(), action());
  if ((ctrlKey || metaKey) && key === "z" && !isField) return handled(undo);
  const row = event.target.closest(".rank");
  if (!row || ctrlKey || metaKey) return;
  const { slug } = row.dataset;
  const by = ARROWS[key];
  if (by && altKey) return handled(() => move(by < 0 ? "up" : "down", slug));
  if (isField || altKey) return;
  if (by) {
    const taps = [...root.querySelectorAll(".rank-tap")];
    return handled(() => taps[taps.indexOf(row.querySelector(".rank-tap")) + by]?.focus());
  }
  if (key === "Delete" || key === "Backspace") return handled(() => move("drop", slug));
  if (/^\d$/.test(key)) handled(() => rankByDigit(slug, event));
}

const REPLACES_ORDER = ["revert", "last-year"];

function start(action, status) {
  const before = shown;
  const receipt = root.querySelector("[data-receipt]");
  if (action === "cast" && receipt) return location.assign(receipt.href);
  if (!form()) return steps.reset(false);
  shown = readOrder(root);
  if (status === 200 && REPLACES_ORDER.includes(action)) steps.push(before);
  else if (status !== 422) steps.reset(form().hasAttribute("data-undoable"));
  refresh(shown);
}

const saving = keepSaved(root, start);

if (form()) {
  start();
  saving.resume();
  absorb();
  settle(root, shown);
  dragRows(root, (slug, target) => (target === "off" ? move("drop", slug) : move("insert", slug, target)));
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter) press(event.submitter);
  });
  root.addEventListener("click", (event) => {
    if (isDoubled(event)) event.preventDefault();
    const link = event.target.closest(".views a");
    if (!link) return;
    event.preventDefault();
    setView(link);
  });
  root.addEventListener("keydown", pressKey);
  root.addEventListener("input", (event) => event.target.matches(".rank-no") && saving.edited({ isTyping: true }));
  root.addEventListener("change", (event) => event.target.matches(".rank-no") && saving.edited());
  root.addEventListener("focusout", ({ target }) => target.matches(".rank-no") && absorbWhenLeft(target.closest(".rank").dataset.slug));
}
