// The ballot, quicker: it saves as one goes, drags rows, moves them by keyboard and says what moved.
// Every move is a button or a number of the form, so without this script the ballot works by those.
import { dragRows } from "./ballot/drag.js";
import { keepSaved } from "./ballot/save.js";

const root = document.getElementById("ballot");
const narrow = matchMedia("(max-width: 47.99rem)");

// Alt with an arrow key moves the row one is in; plain arrows choose rows, as radio buttons do.
function moveByKey(event) {
  const move = { ArrowUp: "up:", ArrowDown: "down:" }[event.key];
  const row = event.target.closest(".rank");
  if (!event.altKey || !move || !row) return;
  event.preventDefault();
  row.querySelector(`.mv[value^="${move}"]`)?.click();
}

// On phones the chosen row's buttons come up at the foot of the screen: not over the row itself.
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
