// Show why a save failed, above the ballot, in a place that answers don't replace.

export function troubleAbove(root, tryAgain) {
  const place = Object.assign(document.createElement("div"), { className: "ballot-problem", role: "alert" });
  root.before(place);
  const show = (notice) => place.replaceChildren(notice);
  const clear = () => place.replaceChildren();
  const say = (sentence) => {
    const notice = Object.assign(document.createElement("div"), { className: "notice" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: "Try again now" });
    button.addEventListener("click", tryAgain);
    notice.append(Object.assign(document.createElement("p"), { textContent: sentence }), button);
    show(notice);
  };
  return { show, say, clear };
}
