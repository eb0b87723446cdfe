// The reader chooses light, dark or the system's at the foot of a page; set before the page shows, so nothing flashes.
// Django's admin reads the same name and values.
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "auto";

document.addEventListener("DOMContentLoaded", () => {
  const buttons = document.querySelectorAll("[data-choose-theme] button");
  const show = () => {
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(button.value === document.documentElement.dataset.theme));
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      localStorage.setItem("theme", button.value);
      document.documentElement.dataset.theme = button.value;
      show();
    });
  show();
});
