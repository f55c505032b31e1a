// What can be done with chosen words: ask about them, copy them with where they stand, write a note at them. Works on the
// set text and on the words over a page; offsets count code points of the document's text.
import { offer } from "./offer.js";

let span;

export function chosen() {
  if (!document.querySelector("[data-reader]")) return;
  let later;
  document.addEventListener("selectionchange", () => {
    clearTimeout(later);
    later = setTimeout(look, 200);
  });
  document.addEventListener("mousedown", (event) => event.target.closest("#chosen") && event.preventDefault());
  document.addEventListener("click", act);
  document.addEventListener("copy", copyPlain);
  document.addEventListener("keydown", (event) => {
    const bar = toolbar();
    if (!bar || bar.hidden) return;
    if (event.key === "Escape") hide();
    else if (event.key === "Tab" && !bar.contains(document.activeElement)) {
      event.preventDefault();
      bar.querySelector("button").focus();
    } else if (event.key.startsWith("Arrow") && bar.contains(document.activeElement)) walk(event, bar);
  });
}

const toolbar = () => document.getElementById("chosen");

function walk(event, bar) {
  const all = [...bar.querySelectorAll("button")];
  const step = ["ArrowRight", "ArrowDown"].includes(event.key) ? 1 : -1;
  event.preventDefault();
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
}

function look() {
  const bar = toolbar();
  if (!bar || bar.contains(document.activeElement)) return;
  span = read(getSelection());
  if (!span) return hide();
  bar.querySelector("[data-words]").textContent = "Copy with citation";
  offer(bar, getSelection().getRangeAt(0));
}

function hide() {
  const bar = toolbar();
  if (bar) bar.hidden = true;
}

// The stretch of the text that is chosen: its offsets, its words, and the page it begins on.
function read(selection) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const place = range.commonAncestorContainer;
  const text = document.getElementById("text");
  if (!text || !(text.contains(place) || place.contains(text))) return null;
  const found = pieces(range, text);
  const words = found.map((one) => one.words).join("").trim();
  if (!words) return null;
  return { start: found[0].start, end: found.at(-1).end, words, page: found[0].page };
}

function pieces(range, text) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const inside = range.startContainer.nodeType === Node.TEXT_NODE && text.contains(range.startContainer);
  let node = inside ? (walker.currentNode = range.startContainer) : walker.nextNode();
  const found = [];
  for (; node; node = walker.nextNode()) {
    if (!range.intersectsNode(node)) {
      if (found.length) break;
      continue;
    }
    const block = node.parentElement.closest("[data-start]");
    if (!block || node.parentElement.closest(".gloss")) continue;
    const first = node === range.startContainer ? range.startOffset : 0;
    const last = node === range.endContainer ? range.endOffset : node.length;
    if (first < last) found.push(piece(node, block, first, last, found.at(-1)));
  }
  return found;
}

function piece(node, block, first, last, before) {
  const onPage = block.tagName === "text";
  const start = Number(block.dataset.start) + length(ahead(block, node) + node.data.slice(0, first));
  const words = node.data.slice(first, last);
  const gap = !before || before.end === start ? "" : onPage ? " " : before.block === block ? "" : "\n";
  return { block, start, end: start + length(words), words: gap + words, page: block.closest("[id^='page-']")?.id.slice(5) };
}

// What stands in the block before this node, without the marks in the margin.
function ahead(block, node) {
  let text = "";
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let one = walker.nextNode(); one && one !== node; one = walker.nextNode()) {
    if (!one.parentElement.closest(".gloss")) text += one.data;
  }
  return text;
}

const length = (text) => [...text].length;

function act(event) {
  const deed = event.target.closest("[data-chosen]")?.dataset.chosen;
  if (!deed || !span) return;
  if (deed === "copy") return copy();
  const asked = new URLSearchParams(location.search);
  const query = new URLSearchParams({ tab: deed === "ask" ? "ask" : "notes", words: `${span.start}-${span.end}` });
  if (deed === "ask" && asked.get("conversation")) query.set("conversation", asked.get("conversation"));
  if (asked.get("find")) query.set("find", asked.get("find"));
  hide();
  document.dispatchEvent(new CustomEvent("glossa:panel", { detail: `?${query}` }));
}

function cited() {
  const title = toolbar().dataset.title;
  const pages = document.querySelector("[data-page]");
  const where = pages && span.page ? `${title}, page ${span.page}` : title;
  return `“${span.words.replace(/\s+/g, " ")}” — ${where}\n${location.origin}${location.pathname}?at=${span.start}-${span.end}#found`;
}

async function copy() {
  const said = toolbar().querySelector("[data-words]");
  try {
    await navigator.clipboard.writeText(cited());
    said.textContent = "Copied";
  } catch {
    said.textContent = "Press Ctrl+C to copy";
  }
}

// Words over a picture are elements of their own: copied as they are they would stick together.
function copyPlain(event) {
  const choice = getSelection();
  if (!choice.anchorNode?.parentElement?.closest(".layer")) return;
  const found = read(choice);
  if (!found) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", found.words);
}
