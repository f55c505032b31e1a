// Ties the marks beside statements to the words in the text, both ways: hover and focus light up the counterpart,
// a click goes there, n and p step through the marks, and the words show up in a small note.
const numbersOf = (element) => (element.dataset.cites ?? "").split(" ").filter(Boolean);
const TIED = "[data-cites]";
const MARKS = ".gloss, .chip";
const note = document.createElement("div");
note.className = "popover";
note.id = "note";
note.setAttribute("role", "tooltip");
note.hidden = true;
const wayBack = document.createElement("a");
wayBack.className = "way-back button main";
wayBack.textContent = "Back to the statement";
wayBack.hidden = true;

export function marks() {
  if (!document.querySelector("[data-reader], [data-talk]")) return;
  document.body.append(note);
  document.querySelector("main").append(wayBack);
  for (const [enter, leave] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(enter, (event) => light(isMeant(event) && event.target.closest(TIED)));
    document.addEventListener(leave, (event) => isMeant(event) && event.target.closest(TIED) && settle());
  }
  document.addEventListener("mousemove", ({ movementX, movementY }) => (scrolled &&= !movementX && !movementY));
  document.addEventListener("click", follow);
  document.addEventListener("keydown", step);
  addEventListener("scroll", hideNote, { passive: true, capture: true });
}

// After a mark was followed other marks come to lie under a mouse that nobody moves.
let scrolled = false;

function isMeant(event) {
  return !(scrolled && event.type.startsWith("mouse"));
}

function light(element) {
  if (!element) return;
  glow(element);
  showNote(element, numbersOf(element)[0]);
}

function glow(element) {
  dim();
  const numbers = numbersOf(element);
  for (const other of document.querySelectorAll(TIED)) {
    other.classList.toggle("lit", numbersOf(other).some((number) => numbers.includes(number)));
  }
}

// When the pointer leaves, what has the focus is what is lit.
function settle() {
  const focused = document.activeElement?.closest(TIED);
  focused ? glow(focused) : dim();
  hideNote();
}

function dim() {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  hideNote();
}

function showNote(element, number) {
  if (!matchMedia("(min-width: 64rem)").matches) return; // there the words stand under the statement
  const fromText = element.matches(".cited, .gloss, .chip, .noted");
  const words = fromText ? statement(number) : quote(element, number);
  if (!words) return;
  note.replaceChildren(...words);
  note.hidden = false;
  element.setAttribute("aria-describedby", "note");
  place(element.getClientRects()[0]);
}

function hideNote() {
  note.hidden = true;
  document.querySelector("[aria-describedby=note]")?.removeAttribute("aria-describedby");
}

function quote(element, number) {
  if (element.dataset.quoted) return [`“${element.dataset.quoted.trim()}”`, small(element.dataset.where)];
  const source = element.closest(".said")?.querySelector(`[data-quote="${number}"]`);
  if (!source || source.offsetParent) return null;
  const where = source.dataset.where ?? (source.dataset.page ? `Page ${source.dataset.page}` : "");
  return [`“${source.textContent.trim()}”`, ...(where ? [small(where)] : [])];
}

function statement(number) {
  const said = document.getElementById(`tie-${number}`)?.closest(".said");
  return said && [said.querySelector(".words")?.textContent.trim() ?? "", small(number.startsWith("n") ? "Your note" : `Rests on mark ${number}`)];
}

function small(text) {
  const element = document.createElement("small");
  element.textContent = text;
  return element;
}

function place(anchor) {
  const { width, height } = note.getBoundingClientRect();
  const left = Math.min(Math.max(anchor.left + anchor.width / 2 - width / 2, 16), document.documentElement.clientWidth - width - 16);
  const below = anchor.top - height - 10 < 0;
  note.style.left = `${left + scrollX}px`;
  note.style.top = `${(below ? anchor.bottom + 10 : anchor.top - height - 10) + scrollY}px`;
}

function follow(event) {
  const link = event.target.closest(".tie, .gloss, .chip, .cited, .noted, .way-back");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (!getSelection().isCollapsed && !link.matches(".tie, .gloss, .chip")) return; // words are being chosen
  const cited = link.matches(".cited, mark.noted");
  const hash = cited ? `#tie-${numbersOf(link)[0]}` : link.getAttribute("href");
  const there = hash.startsWith("#") && document.getElementById(hash.slice(1));
  if (!there) return;
  event.preventDefault();
  if (!cited) history.replaceState(history.state, "", hash);
  go(there);
  offerWayBack(link.matches(".tie") ? link : null);
}

// From the words back to the statement they were looked up for; no longer offered once the statement is in sight again.
const sight = new IntersectionObserver(([{ isIntersecting }]) => {
  if (isIntersecting && wayBack.dataset.left) offerWayBack(null);
  else if (!isIntersecting) wayBack.dataset.left = "yes";
});

function offerWayBack(tie) {
  sight.disconnect();
  delete wayBack.dataset.left;
  wayBack.hidden = !tie;
  if (!tie) return;
  wayBack.href = `#tie-${numbersOf(tie)[0]}`;
  sight.observe(tie);
}

// Scrolls to the place and puts the focus on its mark, so that the way back is one key.
function go(there) {
  for (let fold = there.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const mark = there.matches(".tie") ? there : document.querySelector(`:is(${MARKS})[href="#tie-${there.id.slice(5)}"]`);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrolled = true;
  (mark ?? there).scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
  mark?.focus({ preventScroll: true });
  if (mark) glow(mark);
}

function step(event) {
  if (event.key === "Escape") return dim();
  if (!["n", "p"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const all = [...document.querySelectorAll(MARKS)];
  if (!all.length) return;
  const current = numbersOf(document.activeElement)[0];
  const at = all.findIndex((mark) => numbersOf(mark)[0] === current);
  const next = all[(at + (event.key === "n" ? 1 : at < 0 ? 0 : -1) + all.length) % all.length];
  go(document.getElementById(`cite-${numbersOf(next)[0]}`));
}
