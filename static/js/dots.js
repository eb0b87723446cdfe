// Escape hides the name of a dot that is pointed at or has the focus, until the pointer or the focus comes to it again.
const DISMISSED = "is-dismissed";

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const dot of document.querySelectorAll(".dot:is(:hover, :focus)")) dot.classList.add(DISMISSED);
});

for (const type of ["pointerover", "focusin"]) {
  addEventListener(type, ({ target, relatedTarget }) => {
    const dot = target.closest?.(".dot");
    if (dot && !dot.contains(relatedTarget)) dot.classList.remove(DISMISSED);
  });
}
