// Drag a row by its grip, with mouse, finger or pen, between ranked rows or into and out of the unranked part.
// `drop(slug, index)` is called with the index of its new place among the ties, or "off".
import { rowsOf } from "./rows.js";

const EDGE = 72; // px from the screen's edge, where the page begins to scroll

const number = (row) => row.querySelector(".rank-no").value.trim();

export function dragRows(root, drop) {
  root.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".grip")?.closest(".rank");
    if (!row || event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    drag(row, root, event, drop);
  });
}

function drag(held, root, { pointerId, clientY }, drop) {
  const split = root.querySelector("[data-split]");
  const wasFull = split.hidden;
  split.hidden = false; // there is always a part to take a row off to
  const others = rowsOf(root).filter((row) => row !== held && row.classList.contains("is-ranked"));
  const wasRanked = held.classList.contains("is-ranked");
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
    if (y > split.getBoundingClientRect().bottom) return wasRanked ? "off" : null;
    let [nearest, least] = [0, Infinity];
    for (let index = 0; index <= others.length && others.length; index += 1) {
      const [above, below] = [others[index - 1], others[index]];
      if (above && below && number(above) === number(below)) continue; // ties stay together
      const bottom = above?.getBoundingClientRect().bottom;
      const top = below?.getBoundingClientRect().top;
      const distance = Math.abs(y - ((bottom ?? top) + (top ?? bottom)) / 2);
      if (distance < least) [nearest, least] = [index, distance];
    }
    return nearest;
  }

  function mark() {
    split.classList.toggle("drop-here", gap === "off" || (gap === 0 && !others.length));
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
    split.hidden = wasFull;
    if (target === null) return;
    const ties = new Set(others.slice(0, target === "off" ? 0 : target).map(number));
    drop(held.dataset.slug, target === "off" ? target : ties.size);
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
