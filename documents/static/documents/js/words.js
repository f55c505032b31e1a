// Words over a page's picture are chosen with the mouse by where they stand: the nearest word counts, between lines too.
// The choice is the browser's own selection, so that touch and keys work on it as well.
const boxes = new WeakMap();
let from;

export function words(layer) {
  const svg = layer.querySelector("svg");
  boxes.set(layer, [...svg.querySelectorAll("text")].map(measure));
  const paper = layer.closest(".paper");
  if (paper.dataset.chooses) return;
  paper.dataset.chooses = "yes";
  paper.addEventListener("mousedown", start);
}

function measure(word) {
  const [x, y, length, size] = ["x", "y", "textLength", "font-size"].map((name) => parseFloat(word.getAttribute(name)));
  return { word, left: x, right: x + length, top: y - 0.78 * size, bottom: y + 0.22 * size };
}

function nearest(event) {
  const paper = event.target.closest?.(".paper") ?? document.elementFromPoint(event.clientX, event.clientY)?.closest(".paper");
  const layer = paper?.querySelector(".layer");
  const svg = layer?.querySelector("svg");
  if (!svg || !boxes.get(layer)?.length) return null;
  const { left, top, width, height } = layer.getBoundingClientRect();
  const { width: across, height: down } = svg.viewBox.baseVal;
  const [x, y] = [((event.clientX - left) / width) * across, ((event.clientY - top) / height) * down];
  let best, least = Infinity;
  for (const box of boxes.get(layer)) {
    const [dx, dy] = [Math.max(box.left - x, x - box.right, 0), Math.max(box.top - y, y - box.bottom, 0)];
    const far = dx + 4 * dy;
    if (far < least) [best, least] = [box, far];
  }
  return { ...best, inside: least === 0 };
}

function start(event) {
  if (event.button || event.target.closest(".chip")) return;
  const found = nearest(event);
  if (!found) return;
  event.preventDefault();
  if (document.activeElement?.matches("input, textarea")) document.activeElement.blur();
  const choice = getSelection();
  if (event.shiftKey && choice.anchorNode) return choice.extend(found.word.firstChild, found.word.textContent.length);
  if (event.detail > 1 && found.inside) return choose(found.word, found.word);
  choice.removeAllRanges();
  from = found.word;
  const move = (moved) => {
    if (Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY) < 4 && !choice.rangeCount) return;
    const to = nearest(moved);
    if (to) choose(from, to.word);
  };
  addEventListener("mousemove", move);
  addEventListener("mouseup", () => removeEventListener("mousemove", move), { once: true });
}

function choose(first, last) {
  const backwards = first.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_PRECEDING;
  const [start, end] = backwards ? [first.textContent.length, 0] : [0, last.textContent.length];
  getSelection().setBaseAndExtent(first.firstChild, start, last.firstChild, end);
}
