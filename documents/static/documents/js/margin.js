// Sets each mark in the margin beside the line its words begin on, the marks of one line side by side. A block with more
// marks on a line than the margin takes bears its marks inline, right before their words. Without this they float and stack.
const BLOCK = "p, li, pre, tr, h2, h3, h4, h5, h6";
const APART = 4;

export function margin() {
  if (!document.querySelector("[data-reader], [data-talk]")) return;
  setMarks();
  addEventListener("resize", setMarks);
  for (const change of ["htmx:after:swap", "glossa:beside"]) document.addEventListener(change, setMarks);
  document.fonts.ready.then(setMarks);
}

function setMarks() {
  const text = document.querySelector("article.text");
  const page = text?.querySelector(".page");
  if (!page?.offsetParent) return;
  text.classList.add("set");
  for (const block of text.querySelectorAll(".crowded")) block.classList.remove("crowded");
  for (const mark of text.querySelectorAll(".gloss.beside")) mark.classList.remove("beside");
  const room = text.getBoundingClientRect().right - page.getBoundingClientRect().right - APART;
  const crowded = lines(text).filter((line) => line.width > room);
  for (const { marks } of crowded) for (const { mark } of marks) mark.closest(BLOCK).classList.add("crowded");
  for (const line of lines(text)) setLine(line.marks);
}

// The marks by the line their words begin on, read in one go: nothing is moved until all is known.
function lines(text) {
  const measured = [...text.querySelectorAll(".gloss")].filter((mark) => !mark.closest(".crowded")).map(measure);
  measured.sort((one, other) => one.middle - other.middle);
  const found = [];
  for (const item of measured) {
    const line = found.at(-1);
    if (line && item.middle - line.middle < item.height / 2) line.marks.push(item);
    else found.push({ middle: item.middle, marks: [item] });
  }
  for (const line of found) {
    line.marks.sort((one, other) => one.left - other.left || one.number - other.number);
    line.width = line.marks.reduce((sum, { chip }) => sum + chip + APART, line.marks[0].start + line.marks[0].dash - APART);
  }
  return found;
}

function measure(mark) {
  let cited = mark.nextElementSibling;
  while (!cited.matches("mark")) cited = cited.nextElementSibling;
  const words = [...cited.getClientRects()].find((rect) => rect.width > 1) ?? cited.getBoundingClientRect();
  const chip = mark.firstElementChild.getBoundingClientRect();
  return {
    mark,
    number: Number(mark.dataset.cites),
    left: words.left,
    middle: words.top + words.height / 2,
    above: mark.offsetParent.getBoundingClientRect().top,
    height: chip.height,
    chip: chip.width,
    dash: mark.getBoundingClientRect().width - chip.width,
    start: parseFloat(getComputedStyle(mark).marginInlineStart),
  };
}

function setLine(marks) {
  let along = 0;
  for (const [place, { mark, middle, above, height, chip, dash }] of marks.entries()) {
    mark.classList.toggle("beside", place > 0);
    mark.style.setProperty("--down", `${middle - above - height / 2}px`);
    mark.style.setProperty("--along", `${along}px`);
    along += chip + APART + (place ? 0 : dash);
  }
}
