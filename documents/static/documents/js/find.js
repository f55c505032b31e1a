// Finding words in the document that lies open: "/" opens the field, Enter and Shift+Enter step through the hits, Escape
// ends. The browser's own search stays on its keys.
export function find() {
  if (!document.querySelector("[data-reader]")) return;
  document.addEventListener("keydown", (event) => {
    const field = document.getElementById("find");
    if (!field || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !event.target.matches("input, textarea, select, [contenteditable]")) begin(event, field);
    else if (event.target !== field) return;
    else if (event.key === "Enter" && field.value.trim() === field.defaultValue && field.value.trim()) step(event);
    else if (event.key === "Escape") end(event);
  });
  document.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-hit]");
    if (!hit || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    go(hit);
  });
  document.addEventListener("htmx:after:swap", (event) => document.activeElement?.id === "find" && arrive());
  addEventListener("load", () => location.hash === "#found" && arrive());
}

function begin(event, field) {
  event.preventDefault();
  field.focus();
  field.select();
}

function step(event) {
  event.preventDefault();
  const hit = document.querySelector(`[data-hit="${event.shiftKey ? "previous" : "next"}"]`);
  if (hit) go(hit);
}

function end(event) {
  event.preventDefault();
  const link = document.querySelector('[data-hit="end"]');
  if (link) go(link);
  else event.target.blur();
}

async function go(link) {
  const address = link.getAttribute("href").replace(/#.*/, "");
  await htmx.ajax("GET", address, { target: "#reader", swap: "outerMorph" });
  history.replaceState(history.state, "", address);
  if (link.dataset.hit === "end") return document.getElementById("find").blur();
  arrive();
}

function arrive() {
  const there = document.getElementById("found");
  if (!there) return;
  for (let fold = there.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  there.scrollIntoView({ block: "center", behavior: "instant" });
}
