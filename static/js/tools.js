/* The buttons "Print" and "Copy link" of a page. Without script, the stylesheet hides them. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const said = button.querySelector("[role=status]");
  const words = said.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    said.textContent = "Copied";
    setTimeout(() => { said.textContent = words; }, 4000);
  });
}
