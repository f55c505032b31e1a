const MOST = 200;

// Documents chosen on the map, and what can be done with them.
export function choosing(atlas) {
  const bar = atlas.find("chosen");
  const lasso = atlas.find("lasso");

  const tell = () => {
    const count = atlas.chosen.size;
    bar.hidden = !count;
    const query = [...atlas.chosen].slice(0, MOST).map((dot) => `document=${dot.id}`).join("&");
    atlas.find("to-analyse").href = `${atlas.part.dataset.analyse}?${query}`;
    atlas.find("to-ask").href = `${atlas.part.dataset.ask}?${query}`;
    const rest = count > MOST ? `; the first ${MOST} are taken along` : "";
    atlas.find("chosen-count").textContent = count ? `${count.toLocaleString("en")} document${count === 1 ? "" : "s"} selected${rest}` : "";
    atlas.draw();
  };

  atlas.choose = (dots) => {
    for (const dot of dots) atlas.chosen.add(dot);
    tell();
  };
  atlas.turn = (dot) => {
    if (!atlas.chosen.delete(dot)) atlas.chosen.add(dot);
    tell();
  };
  atlas.encircle = (line) => {
    atlas.choose(atlas.dots.filter((dot) => !dot.hidden && !dot.faded && inside(line, atlas.camera.seen(dot))));
  };
  atlas.drawing = () => lasso.getAttribute("aria-pressed") === "true";
  atlas.stopDrawing = () => {
    lasso.setAttribute("aria-pressed", "false");
    atlas.sea.classList.remove("drawn");
  };

  lasso.addEventListener("click", () => {
    lasso.setAttribute("aria-pressed", String(!atlas.drawing()));
    atlas.sea.classList.toggle("drawn", atlas.drawing());
    if (atlas.drawing()) atlas.say("Draw round the documents to select.");
  });
  atlas.find("clear").addEventListener("click", () => {
    atlas.chosen.clear();
    tell();
    atlas.sea.focus({ preventScroll: true });
  });
}

// Whether a point is within a closed line: it is, if a ray from it crosses the line an odd number of times.
function inside(line, [x, y]) {
  let is = false;
  line.forEach(([x1, y1], number) => {
    const [x2, y2] = line[(number || line.length) - 1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) is = !is;
  });
  return is;
}
