// A type-ahead in place of a select that works without it. Choosing changes the select, so that its form answers.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const MOST = 8;
let wasUsed = false; // the picker of the next answer takes the focus

function enhance(picker) {
  const select = picker.querySelector("select");
  if (!select || picker.querySelector("input")) return;
  const choices = [...select.options].filter((option) => option.value);
  const { id } = select;
  const input = Object.assign(document.createElement("input"), {
    className: "in", id, type: "text", autocomplete: "off", placeholder: "Type a name",
  });
  const list = Object.assign(document.createElement("ul"), { className: "combo-list", id: `${id}-list`, hidden: true });
  const said = Object.assign(document.createElement("p"), { className: "vh" });
  said.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Governments");
  const facts = { role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(facts)) input.setAttribute(name, value);
  select.removeAttribute("id");
  select.hidden = true;
  select.after(input, list, said);
  picker.classList.add("combo");
  let at = -1;

  function close() {
    list.hidden = true;
    said.className = "vh";
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function open() {
    const words = plain(input.value.trim());
    const fits = (name) => name.split(/\s/).some((_, from, all) => all.slice(from).join(" ").startsWith(words));
    const found = choices.filter((option) => fits(plain(option.text.trim())));
    list.replaceChildren(...found.slice(0, MOST).map((option, number) => {
      const item = Object.assign(document.createElement("li"), { id: `${list.id}-${number}`, textContent: option.text.trim() });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.value = option.value;
      return item;
    }));
    at = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    said.className = found.length ? "vh" : "combo-none";
    said.textContent = found.length ? `${found.length} match${found.length === 1 ? "es" : ""}` : "No government matches.";
  }

  function mark(to) {
    const items = [...list.children];
    items[at]?.setAttribute("aria-selected", "false");
    at = (to + items.length) % items.length;
    items[at].setAttribute("aria-selected", "true");
    items[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[at].id);
  }

  function choose(item) {
    if (!item) return;
    wasUsed = true;
    select.value = item.dataset.value;
    input.value = item.textContent;
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("input", open);
  input.addEventListener("click", open);
  input.addEventListener("blur", close);
  input.addEventListener("change", (event) => event.stopPropagation()); // only a choice is an answer
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      if (!list.hidden) mark(event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden) choose(list.children[Math.max(at, 0)]);
    } else if (event.key === "Escape") close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => choose(event.target.closest("li")));
  if (wasUsed || document.activeElement === select) input.focus();
  wasUsed = false;
}

const enhanceAll = (root) => root.querySelectorAll("[data-picker]").forEach(enhance);
document.addEventListener("htmx:load", (event) => enhanceAll(event.detail.elt.parentElement ?? document));
enhanceAll(document);
