// The dot nearest to the pointer shows its name. Escape hides the name of that dot and of the one in focus, until the pointer or
// the focus comes to it again.
const DISMISSED = "is-dismissed";
const NEAR = "is-near";
const REACH = 12; // px from the center of a dot

function centerOf(dot) {
  const { left, top, width, height } = dot.querySelector("circle").getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

function dotAt({ target, clientX, clientY }) {
  const plane = target.closest?.(".plane");
  if (!plane || target.matches(".dot-name")) return target.closest?.(".dot");
  const away = (dot) => {
    const [x, y] = centerOf(dot);
    return Math.hypot(x - clientX, y - clientY);
  };
  const dots = [...plane.querySelectorAll(".dot")].map((dot) => [away(dot), dot]);
  return dots.reduce((best, each) => (each[0] <= best[0] ? each : best), [REACH, target.closest(".dot")])[1];
}

for (const type of ["pointerover", "pointermove", "pointerdown"]) {
  addEventListener(type, (event) => {
    const dot = dotAt(event);
    const before = document.querySelector(`.dot.${NEAR}`);
    if (dot === before) return;
    before?.classList.remove(NEAR);
    dot?.classList.remove(DISMISSED);
    dot?.classList.add(NEAR);
  });
}

// A press gives the focus to the nearest dot too, not to one that lies above it.
addEventListener("mousedown", (event) => {
  const dot = dotAt(event);
  if (!dot) return;
  event.preventDefault();
  dot.focus({ preventScroll: true });
});

addEventListener("focusin", ({ target }) => target.closest(".dot")?.classList.remove(DISMISSED));

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const dot of document.querySelectorAll(`.dot:is(:hover, :focus, .${NEAR})`)) dot.classList.add(DISMISSED);
});
