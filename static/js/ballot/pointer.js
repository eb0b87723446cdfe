// While a finger or a button of the mouse is down, nothing is replaced or moved under it.
let isDown = false;

addEventListener("pointerdown", () => (isDown = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => (isDown = false))); // its click comes first

export async function whenReleased() {
  while (isDown) await new Promise(requestAnimationFrame);
}
