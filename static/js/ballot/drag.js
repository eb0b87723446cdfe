// Drags a row by its grip, with mouse, finger or pen: between ranked rows, or into and out of the part not ranked.
// Dropping fills the number fields in and asks for a save; nothing else on the page knows that there was a drag.
import { announce, ordinal } from "./announce.js";

const EDGE = 72; // px from the screen's edge where the page begins to scroll

const numberOf = (row) => row.querySelector(".rank-no").value.trim();
const isNumber = (text) => /^\d+$/.test(text);

export function dragRows(root) {
  root.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".grip")?.closest(".rank");
    if (!row || event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    drag(row, root.querySelector("[data-ranked]"), root.querySelector("[data-unranked]"), event);
  });
}

function drag(held, ranked, unranked, { pointerId, clientY }) {
  const others = inOrder(ranked, unranked).filter((row) => row !== held);
  const home = held.getBoundingClientRect();
  const scrolled = scrollY;
  const floor = document.documentElement.scrollHeight - innerHeight;
  const watch = new AbortController();
  let y = clientY;
  let gap = null; // the index in `others` before which it would land, or "off"
  let frame = 0;

  function follow() {
    const push = Math.min(0, y - EDGE) + Math.max(0, y - innerHeight + EDGE);
    if (push) scrollTo(scrollX, Math.min(scrollY + push / 4, Math.max(floor, scrollY)));
    place();
    frame = requestAnimationFrame(follow);
  }

  function place() {
    const moved = y - clientY + scrollY - scrolled;
    held.style.top = `${moved}px`;
    gap = Math.abs(moved) < home.height / 2 ? null : gapAt(y);
    mark();
  }

  // Ties stay together, so there is no gap within one.
  function gapAt(y) {
    const off = unranked.closest(".part").getBoundingClientRect().top;
    if (y > off) return held.parentElement === unranked ? null : "off";
    const rects = others.map((row) => row.getBoundingClientRect());
    const distance = (index) => {
      const edges = [rects[index - 1]?.bottom, rects[index]?.top].filter((edge) => edge !== undefined);
      return edges.length ? Math.abs(y - edges.reduce((sum, edge) => sum + edge, 0) / edges.length) : 0;
    };
    const open = (index) => !others[index - 1] || !others[index] || numberOf(others[index - 1]) !== numberOf(others[index]);
    return [...others.keys(), others.length].filter(open).sort((a, b) => distance(a) - distance(b))[0];
  }

  function mark() {
    ranked.classList.toggle("drop-here", gap === 0 && !others.length);
    unranked.classList.toggle("drop-here", gap === "off");
    others.forEach((row, index) => {
      row.classList.toggle("drop-before", gap === index);
      row.classList.toggle("drop-after", gap === index + 1 && gap === others.length);
    });
  }

  function finish(event) {
    watch.abort();
    cancelAnimationFrame(frame);
    place();
    const target = event.type === "pointerup" ? gap : null;
    gap = null;
    mark();
    held.classList.remove("rank--held");
    held.style.top = "";
    held.querySelector(".rank-pick").checked = true;
    if (target !== null) drop(held, others, target, ranked, unranked);
  }

  const on = (type, listener) => addEventListener(type, listener, { signal: watch.signal, capture: true });
  on("pointermove", (event) => event.pointerId === pointerId && (y = event.clientY));
  on("pointerup", (event) => event.pointerId === pointerId && finish(event, (y = event.clientY)));
  on("pointercancel", finish);
  on("keydown", (event) => event.key === "Escape" && finish(event));
  on("contextmenu", (event) => event.preventDefault());
  held.setPointerCapture(pointerId);
  held.classList.add("rank--held");
  follow();
}

// The ranked rows as their numbers say, typed ones included, which the portal may not have put in order yet.
function inOrder(ranked, unranked) {
  const rows = [...ranked.children, ...unranked.children];
  const wanted = rows.filter(numberOf).sort((a, b) => (Number(numberOf(a)) || 1e3) - (Number(numberOf(b)) || 1e3));
  if (wanted.some((row, index) => row !== ranked.children[index]) || wanted.length !== ranked.children.length) {
    ranked.append(...wanted);
    unranked.append(...rows.filter((row) => !numberOf(row)));
  }
  return wanted;
}

function drop(held, others, target, ranked, unranked) {
  held.classList.remove("rank--tie");
  const title = held.querySelector(".rank-name").firstChild.textContent.trim();
  const rows = target === "off" ? others : others.toSpliced(target, 0, held);
  if (target === "off") unranked.prepend(held);
  else ranked.insertBefore(held, others[target] ?? null);
  number(rows, held);
  if (target === "off") held.querySelector(".rank-no").value = "";
  held.classList.toggle("rank--off", target === "off");
  announce(target === "off" ? `${title}, not ranked` : `${title}, ${ordinal(target + 1)} of ${rows.length} ranked`);
  held.closest("form").dispatchEvent(new Event("autosave", { bubbles: true }));
}

// 1 to k without gaps; rows that were tied stay tied, the held one is alone. What isn't a number stays as it was typed.
function number(rows, held) {
  const before = rows.map((row) => (row === held ? null : numberOf(row)));
  let place = 0;
  rows.forEach((row, index) => {
    const tied = index > 0 && before[index] !== null && before[index] === before[index - 1];
    if (!tied) place += 1;
    if (row === held || isNumber(before[index])) row.querySelector(".rank-no").value = place;
  });
  rows.forEach((row) => {
    const peers = rows.filter((other) => numberOf(other) === numberOf(row));
    row.classList.toggle("rank--tie", peers.length > 1);
  });
}
