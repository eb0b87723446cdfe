// The rows of the ballot. Their number fields are the only state: read the order from them, and show an order in them.
import { ordinal } from "./announce.js";
import { placeOf, tieOf } from "./order.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 47.99rem)");
const PLACE = /^\s*0*[1-9]\d*\s*$/;

const field = (row) => row.querySelector(".rank-no");
export const rowsOf = (root) => [...root.querySelectorAll(".rank")];
const rowOf = (slug) => document.getElementById(`row-${slug}`);
export const titleOf = (slug) => document.querySelector(`#row-${slug} .rank-title`).textContent;
export const total = (root) => Number(root.querySelector("form").dataset.total);
export const inNumber = (root) => root.contains(document.activeElement) && document.activeElement.matches(".rank-no");

export function readOrder(root) {
  const byPlace = new Map();
  for (const row of rowsOf(root)) {
    const { value } = field(row);
    if (!PLACE.test(value)) continue;
    const place = Number(value);
    byPlace.set(place, [...(byPlace.get(place) ?? []), row.dataset.slug]);
  }
  return [...byPlace].sort(([one], [other]) => one - other).map(([, tie]) => tie);
}

export const countWords = (count, all) => (count === all ? `All ${all}` : `${count} of ${all}`) + " ranked";

// Show an order without moving rows. What is typed in a field and is no number stays there.
export function show(root, order) {
  for (const row of rowsOf(root)) {
    const at = tieOf(order, row.dataset.slug);
    const isTied = at >= 0 && order[at].length > 1;
    const place = placeOf(order, row.dataset.slug);
    const number = place ? String(place) : "";
    const { value } = field(row);
    if (number || PLACE.test(value)) field(row).value = number;
    row.querySelector(".rank-box").textContent = number;
    row.querySelector("[data-where]").textContent = number ? `ranked ${isTied ? "tied " : ""}${ordinal(place)}` : "not ranked";
    row.classList.toggle("is-ranked", at >= 0);
    row.classList.toggle("rank--tie", isTied);
    row.querySelector(".rank-tap").setAttribute("aria-pressed", String(at >= 0));
    row.querySelector(".rank-tap").value = `${at < 0 ? "up" : "drop"}:${row.dataset.slug}`;
  }
  const [count, all] = [order.flat().length, total(root)];
  root.querySelector("[data-count]").textContent = count ? countWords(count, all) : "Nothing ranked yet";
  root.querySelectorAll(".dock-ticks i").forEach((tick, index) => tick.classList.toggle("on", index < count));
  root.querySelector("[data-split]").hidden = count === all;
}

// Put the rows in order, the ranked ones first. Each glides from where it was.
export function settle(root, order) {
  const list = root.querySelector(".ranks");
  const tops = new Map(rowsOf(root).map((row) => [row, row.getBoundingClientRect().top]));
  const ranked = order.flat().map((slug) => rowOf(slug));
  const sorted = [...ranked, root.querySelector("[data-split]"), ...rowsOf(root).filter((row) => !ranked.includes(row))];
  if (sorted.every((row, index) => list.children[index] === row)) return;
  const at = document.activeElement;
  list.append(...sorted);
  if (list.contains(at)) at.focus({ preventScroll: true });
  for (const [row, top] of still.matches ? [] : tops) {
    const by = top - row.getBoundingClientRect().top;
    // Move by `top`: a transform would also move the chosen row's buttons, which are fixed to the screen.
    if (by) row.animate([{ top: `${by}px` }, { top: "0" }], { duration: 160, easing: "ease-out" });
  }
}

// Choose a row, or none with "". On phones its buttons appear at the foot of the screen.
export function choose(root, slug) {
  root.querySelector(".rank--chosen")?.classList.remove("rank--chosen");
  root.querySelector("[name=chosen]").value = slug;
  const row = slug && rowOf(slug);
  if (!row) return;
  row.classList.add("rank--chosen");
  if (narrow.matches) row.scrollIntoView({ block: "nearest" });
}
