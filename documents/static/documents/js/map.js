import { camera } from "./map_camera.js";
import { card } from "./map_card.js";
import { choosing } from "./map_choosing.js";
import { hands } from "./map_hands.js";
import { memory } from "./map_memory.js";
import { paint } from "./map_paint.js";

const READ_ALOUD_AFTER_MS = 120;

// The map of the library: dots on a canvas, with what is said of them, chosen among them and shown of them around it.
export function map() {
  const part = document.querySelector("[data-atlas]");
  if (part) begin(part);
}

async function begin(part) {
  const atlas = laidOut(part);
  try {
    const answer = await fetch(part.dataset.dots, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    take(atlas, await answer.json());
  } catch {
    part.querySelector("[data-loading]").textContent = "The map did not come. Check the connection and load the page again; the list below has every document.";
    return;
  }
  part.querySelector("[data-loading]").hidden = true;
  card(atlas);
  choosing(atlas);
  hands(atlas);
  legend(atlas);
  words(atlas);
  buttons(atlas);
  new ResizeObserver(atlas.measure).observe(atlas.frame);
  new MutationObserver(atlas.recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", atlas.recolour);
  atlas.measure();
  memory(atlas);
  part.dataset.drawn = "";
}

// What the parts of the map share. `at` is the dot that is pointed at, `kept` says by a key or a tap.
function laidOut(part) {
  const find = (name) => part.querySelector(`[data-${name}]`);
  const atlas = { part, frame: find("frame"), sea: find("sea"), canvas: find("canvas"), find, dots: [], regions: [], chosen: new Set(), at: null, kept: false, lasso: null };
  const { draw, recolour } = paint(atlas);
  let asked = 0;
  atlas.draw = () => (asked ||= requestAnimationFrame(() => ((asked = 0), draw(), atlas.told?.())));
  atlas.recolour = () => (recolour(), atlas.draw());
  atlas.camera = camera(atlas);
  atlas.measure = () => (atlas.camera.measure(), atlas.draw());
  atlas.say = saying(find("said"));
  atlas.point = (dot, kept = false) => {
    if (atlas.at === dot && atlas.kept === kept) return;
    [atlas.at, atlas.kept] = [dot, Boolean(dot) && kept];
    atlas.draw();
  };
  atlas.open = (dot) => location.assign(`${part.dataset.document}${dot.id}/`);
  return atlas;
}

function take(atlas, { dots, regions }) {
  atlas.dots = dots.map(([id, x, y, title, series, region, about, pictured]) => ({ id, x, y, title, series, region, about, pictured, hidden: false, faded: false, plain: title.toLocaleLowerCase() }));
  atlas.regions = regions.map(([x, y, label]) => ({ x, y, label }));
}

// One at a time: who goes quickly from dot to dot hears the last.
function saying(place) {
  let later = 0;
  return (sentence) => {
    clearTimeout(later);
    later = setTimeout(() => (place.textContent = sentence), READ_ALOUD_AFTER_MS);
  };
}

function legend(atlas) {
  const all = [...atlas.part.querySelectorAll("[data-series]")];
  for (const button of all) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      const off = new Set(all.filter((one) => one.getAttribute("aria-pressed") !== "true").map((one) => Number(one.dataset.series)));
      for (const dot of atlas.dots) dot.hidden = off.has(dot.series);
      if (atlas.at?.hidden) atlas.point(null);
      atlas.draw();
    });
  }
}

function words(atlas) {
  const field = atlas.find("words");
  const look = () => {
    const wanted = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const dot of atlas.dots) dot.faded = !wanted.every((word) => dot.plain.includes(word));
    const found = atlas.dots.filter((dot) => !dot.faded);
    atlas.find("matches").textContent = wanted.length ? `${found.length.toLocaleString("en")} found` : "";
    atlas.draw();
    return found;
  };
  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") atlas.camera.show(look());
  });
}

function buttons(atlas) {
  const { camera: view } = atlas;
  const does = { in: () => view.zoom(1.6), out: () => view.zoom(1 / 1.6), all: view.whole };
  for (const button of atlas.part.querySelectorAll("[data-zoom]")) button.addEventListener("click", does[button.dataset.zoom]);
  for (const link of document.querySelectorAll("[data-region]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const number = Number(link.dataset.region) - 1;
      atlas.frame.scrollIntoView({ block: "center" });
      atlas.sea.focus({ preventScroll: true });
      view.show(atlas.dots.filter((dot) => dot.region === number));
      atlas.say(`Region ${atlas.regions[number].label}`);
    });
  }
}
