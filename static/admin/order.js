// Drag an entry by its grip to another place of the list. The numbers follow, and nothing is saved before "Save the order".
const list = document.querySelector(".sorter");
const status = document.getElementById("moved");

function number() {
  [...list.children].forEach((row, index) => (row.querySelector("input").value = index + 1));
}

list?.addEventListener("pointerdown", (event) => {
  const row = event.target.closest(".grip")?.closest("li");
  if (!row || event.button !== 0 || !event.isPrimary) return;
  event.preventDefault();
  const before = row.nextElementSibling;
  const watch = new AbortController();
  const on = (type, listener) => addEventListener(type, listener, { signal: watch.signal });
  row.classList.add("is-held");

  function finish() {
    watch.abort();
    row.classList.remove("is-held");
    if (row.nextElementSibling === before) return;
    number();
    status.textContent = `${row.dataset.title}, place ${[...list.children].indexOf(row) + 1}. Not saved yet.`;
  }

  on("pointermove", ({ clientY }) => {
    const below = [...list.children].find((other) => {
      const { top, height } = other.getBoundingClientRect();
      return other !== row && clientY < top + height / 2;
    });
    if (below !== row.nextElementSibling) list.insertBefore(row, below ?? null);
  });
  on("pointerup", finish);
  on("pointercancel", finish);
  on("keydown", ({ key }) => key === "Escape" && (list.insertBefore(row, before), finish()));
});
