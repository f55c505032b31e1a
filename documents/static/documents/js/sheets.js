// The pages of a document as they look: the words are laid over each when it comes near, pictures that could not be drawn
// are asked for again, and the bar above says where one is, leads elsewhere and makes the pages larger.
import { words } from "./words.js";

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3];
const TRIES = 6;
const page = () => document.querySelectorAll("[id^='page-'].sheet, [id^='page-'].page");
let near;

export function sheets() {
  if (!document.querySelector("[data-reader]")) return;
  near = new IntersectionObserver(come, { rootMargin: "60% 0px" });
  begin();
  document.addEventListener("htmx:after:swap", begin);
  addEventListener("scroll", () => requestAnimationFrame(tellPlace), { passive: true });
  addEventListener("resize", tellPlace);
  document.addEventListener("error", again, true);
  document.addEventListener("load", (event) => event.target.closest?.(".undrawn")?.classList.remove("undrawn"), true);
  document.addEventListener("submit", turn);
  document.addEventListener("click", click);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const to = { "+": "in", "=": "in", "-": "out", "0": "fit" }[event.key];
    if (to && document.querySelector("[data-sheets]")) zoom(to);
  });
}

function isWriting(target) {
  return target.matches?.("input, textarea, select, [contenteditable]");
}

function begin() {
  for (const layer of document.querySelectorAll("[data-layer]")) if (layer.dataset.loaded !== layer.dataset.layer) near.observe(layer);
  showZoom(Number(sessionStorage.getItem("zoom")) || 1);
  tellPlace();
}

function come(entries) {
  for (const { isIntersecting, target } of entries) if (isIntersecting) fill(target);
}

async function fill(layer) {
  const address = layer.dataset.layer;
  near.unobserve(layer);
  if (layer.dataset.loaded === address) return;
  layer.dataset.loaded = address;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return void delete layer.dataset.loaded;
  layer.innerHTML = await answer.text();
  words(layer);
}

// Others may be drawing: the picture is asked for a few times more, ever later, then its place says so.
function again({ target }) {
  const paper = target.closest?.(".paper, .thumbnails");
  if (!paper || target.tagName !== "IMG") return;
  const tries = Number(target.dataset.tries ?? 0) + 1;
  target.dataset.tries = tries;
  if (tries > TRIES) return;
  paper.classList.toggle("undrawn", paper.matches(".paper"));
  paper.dataset.said = tries < TRIES ? "This page is being drawn …" : "This page cannot be drawn just now. Its words are under “Text”.";
  const { src, srcset } = target;
  setTimeout(() => {
    target.removeAttribute("srcset");
    target.src = src.replace(/([?&])again=\d+/, "$1").replace(/$/, `&again=${tries}`);
    if (srcset) target.dataset.srcset = srcset;
  }, 1_000 * tries);
}

// How much room there is beside and below what stays in sight.
function tellRoom() {
  const above = document.querySelector(".panel > .sticky")?.getBoundingClientRect().top ?? 0;
  const bar = document.getElementById("bar")?.getBoundingClientRect().bottom ?? 0;
  const foot = innerHeight - document.querySelector(".foot").getBoundingClientRect().top;
  document.documentElement.style.setProperty("--above", `${Math.max(above, 0) + Math.max(foot, 0)}px`);
  document.documentElement.style.setProperty("--below", `${innerHeight - bar}px`);
}

// Where one is: the page across the upper third of the window.
function tellPlace() {
  tellRoom();
  const field = document.querySelector("[data-page]");
  const all = page();
  if (!field || !all.length) return;
  let [low, high] = [0, all.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (all[middle].getBoundingClientRect().top > innerHeight / 3) high = middle - 1;
    else low = middle;
  }
  const number = Number(all[low].id.slice(5));
  if (field !== document.activeElement) field.value = number;
  const map = document.querySelector("[data-map]");
  if (map) map.querySelector("[data-here]").setAttribute("x", Math.floor((number - 1) / Number(map.dataset.map)));
  for (const small of document.querySelectorAll("[data-thumbnail]")) {
    small.toggleAttribute("aria-current", Number(small.dataset.thumbnail) === number);
  }
}

function turn(event) {
  if (!event.target.matches("[data-page-form]")) return;
  const field = event.target.querySelector("[data-page]");
  const there = document.getElementById(`page-${Number.parseInt(field.value, 10)}`);
  if (!there) return; // the server knows the nearest, or the part it is in
  event.preventDefault();
  field.blur();
  goTo(there);
}

function goTo(there) {
  there.scrollIntoView({ block: "start", behavior: "instant" });
}

function click(event) {
  const to = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (to) return zoom(to);
  const opener = event.target.closest("[data-thumbnails]");
  if (opener) return showThumbnails(opener);
  const other = event.target.closest("[data-switch]");
  if (other && !event.metaKey && !event.ctrlKey && !event.shiftKey) return change(event, other);
  const cell = event.target.closest(".map [data-first]");
  const link = event.target.closest("[data-thumbnail], .unread a");
  const number = cell?.dataset.first ?? link?.getAttribute("href").replace(/^.*\bpage[-=]/, "");
  if (!number) return;
  event.preventDefault();
  const there = document.getElementById(`page-${number}`);
  if (there) return goTo(there);
  const form = document.querySelector("[data-page-form]"); // in another part of the document
  form.querySelector("[data-page]").value = number;
  form.submit();
}

// The other way to see the document, at the same page.
async function change(event, link) {
  event.preventDefault();
  const number = document.querySelector("[data-page]")?.value;
  const moved = scrollY > document.getElementById("bar").offsetTop;
  const near = number ? `&near=${number}` : "";
  await htmx.ajax("GET", link.getAttribute("href") + near, { target: "#reader", swap: "outerHTML" });
  document.querySelector(".switch [aria-current]")?.focus({ preventScroll: true });
  const there = moved && document.getElementById(`page-${number}`);
  if (there) goTo(there);
}

async function showThumbnails(opener) {
  const rail = document.getElementById("thumbnails");
  if (!rail.firstElementChild) await htmx.ajax("GET", opener.dataset.thumbnails, { target: rail, swap: "innerHTML" });
  rail.hidden = !rail.hidden;
  opener.ariaExpanded = String(!rail.hidden);
  tellPlace();
  rail.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
}

function zoom(to) {
  const now = Number(sessionStorage.getItem("zoom")) || 1;
  const next = { in: ZOOMS.find((one) => one > now) ?? 3, out: ZOOMS.findLast((one) => one < now) ?? 0.5, fit: 1 }[to];
  const field = document.querySelector("[data-page]");
  const there = field && document.getElementById(`page-${field.value}`);
  const share = there && (innerHeight / 3 - there.getBoundingClientRect().top) / there.offsetHeight;
  sessionStorage.setItem("zoom", next);
  showZoom(next);
  if (there) scrollBy({ top: there.getBoundingClientRect().top + share * there.offsetHeight - innerHeight / 3, behavior: "instant" });
}

function showZoom(amount) {
  document.documentElement.style.setProperty("--zoom", amount);
  const told = document.querySelector("[data-zoomed]");
  if (told) told.textContent = `${Math.round(100 * amount)} %`;
  const sizes = `(min-width: 64rem) ${70 * amount}vw, ${100 * amount}vw`;
  for (const picture of document.querySelectorAll(".paper img")) {
    const { closer } = picture.dataset;
    // Whoever makes pages larger looks closely; for all others the widest pictures would be drawn and sent in vain.
    if (amount > 1 && closer && picture.srcset && !picture.srcset.includes(closer)) picture.srcset += `, ${closer} 2400w`;
    if (picture.sizes !== sizes) picture.sizes = sizes;
  }
}
