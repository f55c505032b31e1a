// Forms that make something go off once, however often their button is clicked; and what was just made is not made again
// when its page is loaded anew.
export function once() {
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.once === undefined) return;
    if (event.target.dataset.once) event.preventDefault();
    event.target.dataset.once = "sent";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-once]")) form.dataset.once = "";
  });
  if (document.querySelector("[data-made-once]")) history.replaceState(history.state, "", location.href);
}
