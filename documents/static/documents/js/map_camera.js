const CLOSEST = 24;
const ROOM = 28;
const FLIGHT_MS = 260;

// What part of the map is seen: `scale` times as large as the whole, moved by `x` and `y` pixels.
export function camera(atlas) {
  const view = { scale: 1, x: 0, y: 0, width: 1, height: 1 };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let flight = 0;

  const put = (scale, x, y) => {
    view.scale = Math.min(Math.max(scale, 1), CLOSEST);
    view.x = Math.min(Math.max(x, view.width * (1 - view.scale)), 0);
    view.y = Math.min(Math.max(y, view.height * (1 - view.scale)), 0);
    atlas.sea.classList.toggle("near", view.scale > 1.001);
    atlas.draw();
  };

  view.measure = () => {
    const { clientWidth, clientHeight } = atlas.sea;
    const [before, wide] = [view.width, clientWidth / view.width];
    [view.width, view.height] = [clientWidth, clientHeight];
    put(view.scale, before > 1 ? view.x * wide : 0, before > 1 ? view.y * wide : 0);
  };

  view.set = ({ scale, x, y }) => put(scale, x, y);

  // Where a place of the map is on the screen.
  view.seen = ({ x, y }) => [
    (ROOM + x * (view.width - 2 * ROOM)) * view.scale + view.x,
    (ROOM + y * (view.height - 2 * ROOM)) * view.scale + view.y,
  ];

  view.move = (right, down) => (cancelAnimationFrame(flight), put(view.scale, view.x + right, view.y + down));

  // So many times larger, the given point staying where it is.
  view.zoomAt = (times, x, y) => {
    cancelAnimationFrame(flight);
    const scale = Math.min(Math.max(view.scale * times, 1), CLOSEST);
    const by = scale / view.scale;
    put(scale, x - (x - view.x) * by, y - (y - view.y) * by);
  };

  const fly = (scale, x, y) => {
    cancelAnimationFrame(flight);
    if (calm.matches) return put(scale, x, y);
    const from = [view.scale, view.x, view.y];
    const began = performance.now();
    const step = (now) => {
      const share = Math.min((now - began) / FLIGHT_MS, 1);
      const eased = 1 - (1 - share) ** 3;
      const mid = (start, end) => start + (end - start) * eased;
      put(mid(from[0], scale), mid(from[1], x), mid(from[2], y));
      if (share < 1) flight = requestAnimationFrame(step);
    };
    flight = requestAnimationFrame(step);
  };

  view.zoom = (times) => {
    const [x, y] = atlas.kept ? view.seen(atlas.at) : [view.width / 2, view.height / 2];
    const scale = Math.min(Math.max(view.scale * times, 1), CLOSEST);
    const by = scale / view.scale;
    fly(scale, x - (x - view.x) * by, y - (y - view.y) * by);
  };

  view.whole = () => fly(1, 0, 0);

  // Goes to where these are all seen.
  view.show = (dots) => {
    if (!dots.length) return;
    const bare = { ...view, scale: 1, x: 0, y: 0 };
    const across = dots.map((dot) => ROOM + dot.x * (bare.width - 2 * ROOM));
    const down = dots.map((dot) => ROOM + dot.y * (bare.height - 2 * ROOM));
    const [left, right, top, bottom] = [Math.min(...across), Math.max(...across), Math.min(...down), Math.max(...down)];
    const fits = Math.min(view.width / (right - left + 4 * ROOM), view.height / (bottom - top + 4 * ROOM));
    const scale = Math.min(Math.max(fits, 1), CLOSEST / 3);
    fly(scale, view.width / 2 - ((left + right) / 2) * scale, view.height / 2 - ((top + bottom) / 2) * scale);
  };

  // Moves so far that this dot is well inside.
  view.reach = (dot) => {
    const [x, y] = view.seen(dot);
    const short = (at, size) => (at < 60 ? 60 - at : at > size - 60 ? size - 60 - at : 0);
    const [right, below] = [short(x, view.width), short(y, view.height)];
    if (right || below) put(view.scale, view.x + right, view.y + below);
  };

  return view;
}
