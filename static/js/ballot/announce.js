// A live region speaks only if it was on the page before, so #ballot-live is outside what answers replace.

export function announce(sentence) {
  const live = document.getElementById("ballot-live");
  if (!live || !sentence) return;
  live.textContent = "";
  setTimeout(() => (live.textContent = sentence), 50); // the same sentence twice is spoken twice
}

const ORDINALS = new Intl.PluralRules("en-US", { type: "ordinal" });
const SUFFIX = { one: "st", two: "nd", few: "rd", other: "th" };

export const ordinal = (place) => place + SUFFIX[ORDINALS.select(place)];
