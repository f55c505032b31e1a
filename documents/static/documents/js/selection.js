// Choosing documents in the library: ranges with shift, arrows and escape, all on a page, all that match. What is
// chosen stays chosen while its row is on the page, whatever is swapped around it.
const BOX = ".pick input";

export function selection() {
  const page = document.querySelector(".library-page");
  if (!page) return;
  const chosen = new Set();
  let last = null;
  const boxes = () => [...page.querySelectorAll(BOX)];
  const remember = () => {
    chosen.clear();
    for (const box of boxes()) if (box.checked) chosen.add(box.value);
  };
  const tell = () => {
    remember();
    show(page, boxes(), chosen.size);
  };
  const choose = (wanted) => {
    for (const box of boxes()) box.checked = wanted;
    if (!wanted) everything(page, false);
    tell();
  };

  page.addEventListener("click", (event) => {
    if (event.target.closest("[data-choose-none]")) choose(false);
    const box = event.target.closest(BOX);
    if (!box) return;
    if (event.shiftKey && last?.isConnected) range(boxes(), last, box);
    last = box;
    tell();
  });
  page.addEventListener("change", (event) => {
    if (event.target.closest("[data-choose-all]")) choose(event.target.checked);
    else if (event.target.matches("[data-all]") && event.target.checked) choose(true);
    else if (event.target.matches(BOX) && !event.target.checked) everything(page, false);
    tell();
  });
  page.addEventListener("keydown", (event) => onKey(event, boxes(), choose));
  document.addEventListener("htmx:after:swap", () => {
    for (const box of boxes()) box.checked = chosen.has(box.value);
    if (!page.contains(last)) last = null;
    tell();
  });
  document.addEventListener("click", (event) => {
    for (const open of page.querySelectorAll(".choices[open]")) if (!open.contains(event.target)) open.open = false;
  });
  document.querySelector("#said").addEventListener("click", (event) => {
    if (event.target.closest("[data-unsay]")) event.currentTarget.replaceChildren();
  });
  // A box that the browser filled in again after a step back is chosen too.
  addEventListener("pageshow", tell);
  tell();
}

function show(page, boxes, count) {
  const all = page.querySelector("[data-choose-all]");
  if (!all) return;
  const box = all.querySelector("input");
  box.checked = count > 0 && count === boxes.length;
  box.indeterminate = count > 0 && count < boxes.length;
  const whole = page.querySelector("[data-all]");
  const said = whole?.checked ? `${whole.nextElementSibling.textContent.trim()} are chosen` : `${count} chosen`;
  const place = page.querySelector("[data-count]");
  if (place.textContent !== said) place.textContent = said;
}

function everything(page, wanted) {
  const whole = page.querySelector("[data-all]");
  if (whole) whole.checked = wanted;
}

function range(boxes, from, to) {
  const [first, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((one, other) => one - other);
  for (const box of boxes.slice(first, end + 1)) box.checked = to.checked;
}

function onKey(event, boxes, choose) {
  const { key, target } = event;
  if (key === "Enter" && target.matches("[data-enters]")) {
    event.preventDefault();
    target.nextElementSibling.click();
  }
  const open = target.closest(".choices[open]");
  if (key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (key === "Escape" && target.closest(".shelf, .bulk")) choose(false);
  if (!target.matches(BOX)) return;
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
  if (step) {
    const next = boxes[boxes.indexOf(target) + step];
    if (next && event.shiftKey) next.checked = target.checked;
    next?.focus();
    if (next && event.shiftKey) next.dispatchEvent(new Event("change", { bubbles: true }));
    event.preventDefault();
  } else if (key === "a" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    choose(true);
  }
}
