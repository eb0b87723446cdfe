/* The buttons "Print", "Copy link" and "Copy for a memo" of a page. Without script, the stylesheet hides them. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

function whenPressed(button, copy) {
  const said = button.querySelector("[role=status]");
  const words = said.textContent;
  button.addEventListener("click", async () => {
    try {
      await copy();
      said.textContent = "Copied";
    } catch { // without https there is no clipboard, and a browser may refuse it
      said.textContent = "Your browser does not let us copy";
    }
    setTimeout(() => { said.textContent = words; }, 4000);
  });
}

/** The passage as HTML that Word and Outlook keep: no classes, and whole addresses. */
function plainHtml(passage) {
  const copy = passage.cloneNode(true);
  for (const element of copy.querySelectorAll("*")) {
    const address = element.href;
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
    if (address) element.href = address;
  }
  return copy.innerHTML.replace(/\s+/g, " ").trim();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  whenPressed(button, () => navigator.clipboard.writeText(button.dataset.copy));
}

for (const button of document.querySelectorAll("[data-copy-memo]")) {
  const passage = button.closest(".memo").querySelector("[data-memo]");
  whenPressed(button, () => navigator.clipboard.write([
    new ClipboardItem({
      "text/html": new Blob([plainHtml(passage)], { type: "text/html" }),
      "text/plain": new Blob([passage.innerText], { type: "text/plain" }),
    }),
  ]));
}
