// Make the ballot quicker: save after each change, drag rows, move them by keyboard, and announce each move.
// Without this script the ballot works by the form's buttons and numbers.
import { dragRows } from "./ballot/drag.js";
import { keepSaved } from "./ballot/save.js";

const root = document.getElementById("ballot");
const narrow = matchMedia("(max-width: 47.99rem)");

// Alt with an arrow key moves the current row; plain arrows choose another row, as in any group of radio buttons.
function moveByKey(event) {
  const move = { ArrowUp: "up:", ArrowDown: "down:" }[event.key];
  const row = event.target.closest(".rank");
  if (!event.altKey || !move || !row) return;
  event.preventDefault();
  row.querySelector(`.mv[value^="${move}"]`)?.click();
}

// On phones the chosen row's buttons appear at the bottom of the screen, so keep the row itself out from under them.
function uncover(event) {
  const row = event.target.matches(".rank-pick") && event.target.closest(".rank");
  if (row && narrow.matches) row.scrollIntoView({ block: "nearest" });
}

if (root?.querySelector("form.ballot")) {
  keepSaved(root);
  dragRows(root);
  root.addEventListener("keydown", moveByKey);
  root.addEventListener("change", uncover);
}
