// Drag a row by its grip, with mouse, finger or pen, between ranked rows or into and out of the unranked part.
// A drop fills in the number fields and asks for a save, as if the user had typed the numbers.
import { announce, ordinal } from "./announce.js";

const EDGE = 72; // px from the screen's edge, where the page begins to scroll

const field = (row) => row.querySelector(".rank-no");
const numberOf = (row) => field(row).value.trim();

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
  const reach = held.offsetHeight / 2; // within it the row is where it was
  const from = clientY + scrollY;
  const floor = document.documentElement.scrollHeight - innerHeight;
  const watch = new AbortController();
  let y = clientY;
  let gap = null; // the index in `others` before which it would land, "off" the ranking, or null
  let frame = 0;

  function follow() {
    const push = Math.min(0, y - EDGE) + Math.max(0, y - innerHeight + EDGE);
    if (push) scrollTo(scrollX, Math.min(scrollY + push / 4, Math.max(floor, scrollY)));
    float();
    frame = requestAnimationFrame(follow);
  }

  function float() {
    const moved = y + scrollY - from;
    held.style.top = `${moved}px`;
    gap = Math.abs(moved) < reach ? null : nearestGap();
    mark();
  }

  function nearestGap() {
    if (y > unranked.closest(".part").getBoundingClientRect().top) return held.parentElement === unranked ? null : "off";
    let [nearest, least] = [0, Infinity];
    for (let index = 0; index <= others.length && others.length; index += 1) {
      const [above, below] = [others[index - 1], others[index]];
      if (above && below && numberOf(above) === numberOf(below)) continue; // ties stay together
      const bottom = above?.getBoundingClientRect().bottom;
      const top = below?.getBoundingClientRect().top;
      const distance = Math.abs(y - ((bottom ?? top) + (top ?? bottom)) / 2);
      if (distance < least) [nearest, least] = [index, distance];
    }
    return nearest;
  }

  function mark() {
    ranked.classList.toggle("drop-here", gap === 0 && !others.length);
    unranked.classList.toggle("drop-here", gap === "off");
    others.forEach((row, index) => row.classList.toggle("drop-before", gap === index));
    others.at(-1)?.classList.toggle("drop-after", gap === others.length);
  }

  function finish(event) {
    watch.abort();
    cancelAnimationFrame(frame);
    float();
    const target = event.type === "pointerup" ? gap : null;
    gap = null;
    mark();
    held.classList.remove("rank--held");
    held.style.top = "";
    held.querySelector(".rank-pick").checked = true;
    if (target !== null) drop(held, others, target, ranked, unranked);
  }

  function on(type, listener) {
    const heard = (event) => (event.pointerId ?? pointerId) === pointerId && listener(event);
    addEventListener(type, heard, { signal: watch.signal, capture: true });
  }

  on("pointermove", (event) => (y = event.clientY));
  on("pointerup", (event) => finish(event, (y = event.clientY)));
  on("pointercancel", finish);
  on("keydown", (event) => event.key === "Escape" && finish(event));
  held.setPointerCapture(pointerId);
  held.classList.add("rank--held");
  follow();
}

// Return the ranked rows in the order of their numbers, including numbers that are typed but not saved yet.
function inOrder(ranked, unranked) {
  const rows = [...ranked.children, ...unranked.children];
  const sorted = rows.filter(numberOf).sort((a, b) => (Number(numberOf(a)) || 1e3) - (Number(numberOf(b)) || 1e3));
  if (sorted.length !== ranked.children.length || sorted.some((row, index) => row !== ranked.children[index])) {
    ranked.append(...sorted);
    unranked.append(...rows.filter((row) => !numberOf(row)));
  }
  return sorted;
}

function drop(held, others, target, ranked, unranked) {
  const off = target === "off";
  const rows = off ? others : others.toSpliced(target, 0, held);
  if (off) unranked.prepend(held);
  else ranked.insertBefore(held, others[target] ?? null);
  field(held).value = "";
  held.classList.remove("rank--tie");
  held.classList.toggle("rank--off", off);
  renumber(rows, held);
  const title = held.querySelector(".rank-name").firstChild.textContent.trim();
  announce(off ? `${title}, not ranked` : `${title}, ${ordinal(target + 1)} of ${rows.length} ranked`);
  held.closest("form").dispatchEvent(new Event("autosave", { bubbles: true }));
}

// Number the rows from 1 without gaps. Keep ties, and keep whatever isn't a number as it was typed.
function renumber(rows, held) {
  const old = rows.map(numberOf);
  const tied = (a, b) => old[a] !== "" && old[a] === old[b];
  let place = 0;
  rows.forEach((row, index) => {
    if (!tied(index, index - 1)) place += 1;
    if (row === held || /^\d+$/.test(old[index])) field(row).value = place;
    row.classList.toggle("rank--tie", tied(index, index - 1) || tied(index, index + 1));
  });
}
