// Replace the ballot on the page by the one in an answer. Keep focus, caret and chosen row; let rows glide to their new places.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const rows = (root) => [...root.querySelectorAll(".rank")];

export const chosenRow = (root) => root.querySelector(".rank-pick:checked")?.value;

// `sent` is the row that was chosen when the request was sent. If the user has chosen another since, keep that one.
export function swap(root, fresh, sent, moved) {
  const tops = new Map(rows(root).map((row) => [row.id, row.getBoundingClientRect().top]));
  const chosen = chosenRow(root);
  const refocus = rememberFocus(root);
  root.replaceChildren(...fresh.childNodes);
  const pick = chosen !== sent && document.getElementById(`pick-${chosen}`);
  if (pick) pick.checked = true;
  refocus();
  document.getElementById(`row-${moved}`)?.scrollIntoView({ block: "nearest" });
  for (const row of still.matches ? [] : rows(root)) {
    const top = tops.get(row.id) - row.getBoundingClientRect().top;
    // Move by `top`: a transform would also move the chosen row's buttons, which are fixed to the screen.
    if (top) row.animate([{ top: `${top}px` }, { top: "0" }], { duration: 160, easing: "ease-out" });
  }
}

// Remember the focus. The returned function restores it, on the row's radio button if the control is gone or disabled.
function rememberFocus(root) {
  const at = document.activeElement;
  if (!root.contains(at)) return () => {};
  const row = at.closest(".rank");
  const caret = at.matches(".rank-no") && [at.selectionStart, at.selectionEnd];
  return () => {
    const same = at.id
      ? document.getElementById(at.id)
      : root.querySelector(`[name="${at.name}"][value="${CSS.escape(at.value)}"]:not(:disabled)`);
    const to = same ?? (row && document.querySelector(`#${CSS.escape(row.id)} .rank-pick`)) ?? root.querySelector(".notice");
    if (to?.matches(".notice")) to.tabIndex = -1;
    to?.focus({ preventScroll: true });
    if (caret && to === same) to.setSelectionRange(...caret);
  };
}
