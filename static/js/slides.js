// Show the page slide by slide. Without this script, and after leaving the slides, it is a page to scroll.
const body = document.body;
const main = document.getElementById("slides");
const slides = [...main.querySelectorAll(".slide")];
const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " "];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];
let shown = 0;

function nearest() {
  const distances = slides.map((slide) => Math.abs(slide.getBoundingClientRect().top));
  return distances.indexOf(Math.min(...distances));
}

function show(number) {
  if (!body.classList.contains("is-presenting")) {
    body.classList.add("is-presenting");
    main.setAttribute("aria-live", "polite");
  }
  shown = Math.max(0, Math.min(slides.length - 1, number));
  slides.forEach((slide, each) => slide.classList.toggle("is-shown", each === shown));
  scrollTo(0, 0);
}

function leave() {
  if (!body.classList.contains("is-presenting")) return;
  body.classList.remove("is-presenting");
  main.removeAttribute("aria-live");
  slides[shown].scrollIntoView();
}

function isPresenting() {
  return body.classList.contains("is-presenting");
}

function fill() {
  show(isPresenting() ? shown : nearest());
  if (document.fullscreenElement) document.exitFullscreen();
  else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {});
}

/** Unfold what to say on every slide, or fold it all. */
function talk() {
  const notes = [...main.querySelectorAll(".talk")];
  const isOpen = notes.some((note) => note.open);
  for (const note of notes) note.open = !isOpen;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === " " && event.target.closest("a, button")) return;
  const now = isPresenting() ? shown : nearest();
  if (NEXT.includes(event.key)) show(now + 1);
  else if (BACK.includes(event.key)) show(now - 1);
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else if (event.key === "f" || event.key === "F") fill();
  else if (event.key === "n" || event.key === "N") talk();
  else if (event.key === "Escape") leave();
  else return;
  event.preventDefault();
});
// In full screen the browser handles Escape itself.
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement) leave();
});
