// Set before the page shows, so that nothing flashes. Django's admin keeps the same values under the same name.
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
