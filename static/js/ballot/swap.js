// Replace the ballot on the page, and the title above it, by those of an answer, and keep the focus and the caret.

export function swap(root, fresh) {
  const refocus = rememberFocus(root);
  document.querySelector(".title").replaceWith(fresh.ownerDocument.querySelector(".title"));
  root.replaceChildren(...fresh.childNodes);
  refocus();
  // what is wrong with the whole ballot is said above it, out of sight of somebody who pressed a button in the dock
  if (!root.querySelector(".err")) root.querySelector(".notice[role=alert]")?.scrollIntoView({ block: "nearest" });
}

// Remember the focus. The returned function restores it, on the row's first button or on a notice if the control is gone.
function rememberFocus(root) {
  const at = document.activeElement;
  if (!root.contains(at)) return () => {};
  const row = at.closest(".rank");
  const caret = at.matches(".rank-no") && [at.selectionStart, at.selectionEnd];
  return () => {
    const same = at.id
      ? document.getElementById(at.id)
      : root.querySelector(`[name="${at.name}"][value="${CSS.escape(at.value)}"]:not(:disabled)`);
    const to = same ?? (row && document.querySelector(`#${CSS.escape(row.id)} .rank-tap`)) ?? root.querySelector(".notice");
    if (to?.matches(".notice")) to.tabIndex = -1;
    to?.focus({ preventScroll: true });
    if (caret && to === same) to.setSelectionRange(...caret);
  };
}

// Take over what a save changes: the version, the words and the button below the rows. The rows stay as they are.
export function takeState(root, fresh) {
  for (const part of ["[name=version]", "[data-save-word]", "[data-cast]"]) {
    const [old, newer] = [root.querySelector(part), fresh.querySelector(part)];
    if (!old || !newer || old.isEqualNode(newer)) continue;
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(newer);
    if (hadFocus) newer.querySelector(".btn")?.focus({ preventScroll: true });
  }
}
