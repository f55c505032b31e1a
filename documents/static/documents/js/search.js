// Keys of the search: "/" goes to the box from anywhere, arrows walk through the passages, Escape leads back.
const ADDRESS = "/search/";

export function search() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isWriting(event.target)) begin(event);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
    else if (event.key === "Escape" && event.target.matches?.(".passage")) box().focus();
  });
}

function box() {
  return document.querySelector("[data-search]");
}

function isWriting(target) {
  return target.matches?.("input, textarea, select, [contenteditable]");
}

function begin(event) {
  if (!document.querySelector("form[action='/accounts/logout/']")) return;
  event.preventDefault();
  const input = box();
  if (input) input.select();
  else location.assign(ADDRESS);
}

function walk(event) {
  const passages = [...document.querySelectorAll("a.passage")];
  const at = passages.indexOf(event.target);
  if (!passages.length || (at < 0 && event.target !== box())) return;
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) box().focus();
  else passages[Math.min(next, passages.length - 1)].focus();
}
