// The panel beside a document. On phones it opens over the document from its tabs, and makes way when a mark is followed.
const NARROW = "(max-width: 63.99rem)";
const root = document.documentElement;
let asking = false;

export function panel() {
  if (!document.querySelector("[data-reader]")) return;
  if (["#panel"].includes(location.hash) || /[?&]words=/.test(location.search) || location.hash.startsWith("#note-")) open();
  document.addEventListener("click", click);
  document.addEventListener("glossa:panel", ({ detail }) => turn(detail));
  document.addEventListener("submit", ({ target }) => (asking = target.matches("[data-asks]") || Boolean(target.querySelector("[data-empties]"))));
  document.addEventListener("htmx:after:swap", settle);
  document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
}

function open() {
  root.dataset.panel = "open";
}

function close() {
  delete root.dataset.panel;
}

function click(event) {
  if (event.target.closest("[data-shut]")) return close();
  const tab = event.target.closest("[data-tab]");
  if (tab && matchMedia(NARROW).matches) {
    if (tab.ariaCurrent && root.dataset.panel) close();
    else open();
  }
  const tie = event.target.closest(".panel .tie");
  if (tie && matchMedia(NARROW).matches) close();
  if (event.target.closest(".way-back, .chip, .gloss, .sheet .cited, mark[data-cites]") && !event.target.closest(".panel")) open();
  const note = event.target.closest(".noted[data-cites]");
  if (note && !note.closest(".panel")) showNote(event, note);
}

// The note at these words, whatever tab is open.
async function showNote(event, note) {
  const key = note.dataset.cites.split(" ").find((one) => one.startsWith("n"));
  if (!key || document.getElementById(`tie-${key}`)) return;
  event.preventDefault();
  await turn("?tab=notes");
  const tie = document.getElementById(`tie-${key}`);
  tie?.closest("li").scrollIntoView({ block: "nearest" });
  tie?.focus({ preventScroll: true });
}

async function turn(address) {
  open();
  await htmx.ajax("GET", address, { target: "#reader", swap: "outerMorph" });
  history.replaceState(history.state, "", address.replace(/&?words=[^&]*/, ""));
  const box = document.querySelector("#panel [data-begin], #panel [data-question]");
  box?.focus({ preventScroll: true });
  box?.setSelectionRange(box.value.length, box.value.length);
}

// What was asked is asked: its box is empty again.
function settle() {
  if (asking) for (const box of document.querySelectorAll("#panel [data-question], #panel [data-empties]")) box.value = box.defaultValue;
  asking = false;
}
