// Say beside a long text how many characters it has. The server refuses too many; a browser that cuts would not say so.
export function count(field) {
  const long = [...field.value].length;
  const slot = field.closest(".field, .form-row").querySelector("[data-count]");
  if (slot) slot.textContent = long ? `; ${long.toLocaleString("en-US")} so far` : "";
}

document.addEventListener("input", ({ target }) => target.matches("[data-longest]") && count(target));
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll("[data-longest]").forEach(count));
document.querySelectorAll("[data-longest]").forEach(count);
