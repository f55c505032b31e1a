// In a conversation, a mark opens the document beside the answer, at the page and the words. Where there is no room, and
// with a key held down, it is a link to the reader like any other.
const ROOM = "(min-width: 64rem)";
let from;

export function beside() {
  const pane = document.getElementById("beside");
  if (!pane) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) return close(pane);
    const mark = event.target.closest("[data-beside]");
    if (!mark || event.metaKey || event.ctrlKey || event.shiftKey || !matchMedia(ROOM).matches) return;
    event.preventDefault();
    open(pane, mark);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !pane.hidden && !event.defaultPrevented) close(pane);
  });
}

async function open(pane, mark) {
  from = mark;
  pane.ariaBusy = "true";
  await htmx.ajax("GET", mark.dataset.beside, { target: pane, swap: "innerHTML" });
  pane.hidden = false;
  pane.ariaBusy = "false";
  for (const one of document.querySelectorAll(".tie[aria-current]")) one.removeAttribute("aria-current");
  mark.ariaCurrent = "true";
  arrive(pane);
}

// The words come to a third of the pane's height; the answer stays where it is.
function arrive(pane) {
  const words = pane.querySelector(".chosen") ?? pane.querySelector("#found");
  const top = words ? words.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop : 0;
  pane.scrollTop = Math.max(top - pane.clientHeight / 3, 0);
  pane.focus({ preventScroll: true });
  document.dispatchEvent(new Event("glossa:beside"));
}

function close(pane) {
  pane.hidden = true;
  pane.replaceChildren();
  from?.removeAttribute("aria-current");
  from?.focus();
}
