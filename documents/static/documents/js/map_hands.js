const REACH_PX = 14;
const FINGER_PX = 24;
const MOVED_PX = 5;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Mouse, fingers and keys on the map.
export function hands(atlas) {
  pointers(atlas);
  keys(atlas);
  atlas.sea.addEventListener("wheel", (event) => {
    event.preventDefault();
    const [x, y] = at(atlas, event);
    const step = event.deltaMode ? event.deltaY * 16 : event.deltaY;
    atlas.camera.zoomAt(Math.exp(-Math.min(Math.max(step, -120), 120) * 0.004), x, y);
  }, { passive: false });
  atlas.sea.addEventListener("blur", () => atlas.kept || atlas.point(null));
}

function at({ sea }, event) {
  const box = sea.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function nearest(atlas, [x, y], reach) {
  let [best, least] = [null, reach * reach];
  for (const dot of atlas.dots) {
    if (dot.hidden) continue;
    const [dotX, dotY] = atlas.camera.seen(dot);
    const far = (dotX - x) ** 2 + (dotY - y) ** 2 + (dot.faded ? 60 : 0);
    if (far < least) [best, least] = [dot, far];
  }
  return best;
}

function pointers(atlas) {
  const { sea, camera } = atlas;
  const down = new Map();
  let [travelled, apart] = [0, 0];

  sea.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    sea.setPointerCapture(event.pointerId);
    down.set(event.pointerId, at(atlas, event));
    travelled = down.size > 1 ? Infinity : 0;
    apart = 0;
    if (down.size === 1 && (event.shiftKey || atlas.drawing())) atlas.lasso = [at(atlas, event)];
  });

  sea.addEventListener("pointermove", (event) => {
    const now = at(atlas, event);
    const before = down.get(event.pointerId);
    if (!before) return hover(atlas, now, event);
    down.set(event.pointerId, now);
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (travelled < MOVED_PX) return;
    if (atlas.lasso) return atlas.lasso.push(now), atlas.draw();
    if (down.size === 2) return (apart = pinch(camera, [...down.values()], apart));
    sea.classList.add("held");
    camera.move(now[0] - before[0], now[1] - before[1]);
  });

  const up = (event) => {
    const was = down.get(event.pointerId);
    down.delete(event.pointerId);
    sea.classList.remove("held");
    if (!was || down.size) return;
    const line = atlas.lasso;
    atlas.lasso = null;
    if (line?.length > 2) return atlas.encircle(line), atlas.stopDrawing();
    if (event.type === "pointerup" && travelled < MOVED_PX) tap(atlas, was, event);
    atlas.draw();
  };
  sea.addEventListener("pointerup", up);
  sea.addEventListener("pointercancel", up);
  sea.addEventListener("pointerleave", () => atlas.kept || atlas.point(null));
}

function hover(atlas, now, event) {
  if (event.pointerType === "touch") return;
  const dot = nearest(atlas, now, REACH_PX);
  atlas.sea.classList.toggle("over", Boolean(dot));
  if (dot || !atlas.kept) atlas.point(dot);
}

// A click opens; a finger first shows what is there. With Shift it selects.
function tap(atlas, where, event) {
  const isTouch = event.pointerType === "touch";
  const dot = nearest(atlas, where, isTouch ? FINGER_PX : REACH_PX);
  if (!dot) return atlas.point(null);
  if (event.shiftKey || atlas.drawing()) return atlas.turn(dot);
  if (event.metaKey || event.ctrlKey) return void window.open(`${atlas.part.dataset.document}${dot.id}/`, "_blank", "noopener");
  if (isTouch && !(atlas.kept && atlas.at === dot)) return atlas.point(dot, true);
  atlas.open(dot);
}

function pinch(camera, [one, other], before) {
  const now = Math.hypot(one[0] - other[0], one[1] - other[1]);
  if (before) camera.zoomAt(now / before, (one[0] + other[0]) / 2, (one[1] + other[1]) / 2);
  return now;
}

function keys(atlas) {
  const { camera } = atlas;
  const does = {
    "+": () => camera.zoom(1.6),
    "=": () => camera.zoom(1.6),
    "-": () => camera.zoom(1 / 1.6),
    "−": () => camera.zoom(1 / 1.6),
    0: () => camera.whole(),
    Enter: () => atlas.at && atlas.open(atlas.at),
    " ": () => atlas.at && atlas.turn(atlas.at),
    Escape: () => atlas.point(null),
  };
  atlas.sea.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ARROWS[event.key];
    if (!way && !does[event.key]) return;
    event.preventDefault();
    if (!way) return does[event.key]();
    if (event.shiftKey) return camera.move(-80 * way[0], -80 * way[1]);
    go(atlas, way);
  });
}

// To the nearest dot that lies that way rather than beside it; the first key goes to the one in the middle.
function go(atlas, [right, below]) {
  const { camera } = atlas;
  const from = atlas.at ? camera.seen(atlas.at) : [camera.width / 2, camera.height / 2];
  let [best, least] = [null, Infinity];
  for (const dot of atlas.dots) {
    if (dot.hidden || dot.faded || dot === atlas.at) continue;
    const [x, y] = camera.seen(dot);
    const [along, beside] = [(x - from[0]) * right + (y - from[1]) * below, Math.abs((x - from[0]) * below + (y - from[1]) * right)];
    if (atlas.at && (along <= 0 || beside > along * 1.5)) continue;
    const far = Math.hypot(along, 2 * beside);
    if (far < least) [best, least] = [dot, far];
  }
  if (!best) return;
  camera.reach(best);
  atlas.point(best, true);
  const region = atlas.regions[best.region]?.label;
  atlas.say([best.title, best.about, region && `region ${region}`].filter(Boolean).join(", "));
}
