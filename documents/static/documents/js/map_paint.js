const LARGEST = 11;
const CAPTION_PX = 14;
const MOST_AVOIDED = 1_500;
const STEPS = [0, -14, 14, -26, 26, -38, 38, -52, 52, -68, 68];

// Draws the dots, each in the colour and shape of its series, and the names of the regions.
export function paint(atlas) {
  const pen = atlas.canvas.getContext("2d");
  let [series, ink, looks] = [[], {}, new Map()];

  const recolour = () => {
    const style = getComputedStyle(atlas.part);
    ink = { words: style.color, paper: getComputedStyle(atlas.frame).backgroundColor, serif: style.getPropertyValue("--serif") };
    const probe = document.createElement("i");
    atlas.part.append(probe);
    const colour = (name) => ((probe.className = name), getComputedStyle(probe).getPropertyValue("color"));
    ink.accent = colour("map-accent");
    series = [...atlas.part.querySelectorAll("[data-series]")].map((button) => {
      const name = [...button.classList].find((one) => one.startsWith("series-"));
      return { colour: colour(`map-swatch ${name}`), shape: new Path2D(button.querySelector("path").getAttribute("d")), hollow: name === "series-none" };
    });
    probe.remove();
    looks.clear();
  };

  // A stamp of each kind: five thousand of them are put down faster than as many shapes are drawn.
  const stamp = (number, radius, ratio) => {
    const key = `${number} ${radius}`;
    if (looks.has(key)) return looks.get(key);
    const { colour, shape, hollow } = series[number];
    const side = Math.ceil((radius + 2) * 2 * ratio);
    const made = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const inside = made.getContext("2d");
    inside.setTransform((radius / 6) * ratio, 0, 0, (radius / 6) * ratio, side / 2, side / 2);
    inside.lineWidth = hollow ? 2 : 1.4;
    inside.strokeStyle = hollow ? colour : ink.paper;
    inside.fillStyle = colour;
    inside.stroke(shape);
    if (!hollow) inside.fill(shape);
    looks.set(key, made);
    return made;
  };

  const ring = (dot, radius, width, colour) => {
    const [x, y] = atlas.camera.seen(dot);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke();
  };

  const captions = () => {
    const taken = [];
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.font = `500 ${CAPTION_PX}px ${ink.serif || "serif"}`;
    for (const region of atlas.regions) {
      const [x, centre] = atlas.camera.seen(region);
      const lines = broken(region.label, atlas.camera.width < 600);
      const wide = Math.max(...lines.map((line) => pen.measureText(line).width));
      const middle = Math.min(Math.max(x, wide / 2 + 8), atlas.camera.width - wide / 2 - 8);
      const high = lines.length * CAPTION_PX * 1.25;
      const y = clearest(atlas, middle, centre, wide / 2 + 4, high / 2 + 2);
      const box = [middle - wide / 2 - 6, y - high / 2 - 3, middle + wide / 2 + 6, y + high / 2 + 3];
      const isOut = x < -wide || x > atlas.camera.width + wide || y < 0 || y > atlas.camera.height;
      if (isOut || taken.some((one) => one[0] < box[2] && one[2] > box[0] && one[1] < box[3] && one[3] > box[1])) continue;
      taken.push(box);
      lines.forEach((line, number) => {
        const at = y - high / 2 + (number + 0.5) * CAPTION_PX * 1.25;
        pen.lineWidth = 6;
        pen.strokeStyle = ink.paper;
        pen.globalAlpha = 0.9;
        pen.strokeText(line, middle, at);
        pen.globalAlpha = 1;
        pen.fillStyle = ink.words;
        pen.fillText(line, middle, at);
      });
    }
  };

  const lasso = () => {
    if (!atlas.lasso) return;
    pen.beginPath();
    atlas.lasso.forEach(([x, y], number) => (number ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.fillStyle = pen.strokeStyle = ink.accent;
    pen.globalAlpha = 0.12;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 1.5;
    pen.setLineDash([5, 4]);
    pen.stroke();
    pen.setLineDash([]);
  };

  const draw = () => {
    const { width, height } = atlas.camera;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    if (!series.length) recolour();
    if (atlas.canvas.width !== Math.round(width * ratio) || atlas.canvas.height !== Math.round(height * ratio)) {
      Object.assign(atlas.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      looks.clear();
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const radius = atlas.radius = radiusFor(atlas);
    const stamps = series.map((_, number) => stamp(number, radius, ratio));
    for (const isFaded of [true, false]) {
      pen.globalAlpha = isFaded ? 0.14 : 1;
      for (const dot of atlas.dots) {
        if (dot.hidden || dot.faded !== isFaded) continue;
        const [x, y] = atlas.camera.seen(dot);
        if (x < -12 || y < -12 || x > width + 12 || y > height + 12) continue;
        const one = stamps[dot.series];
        pen.drawImage(one, x - one.width / ratio / 2, y - one.height / ratio / 2, one.width / ratio, one.height / ratio);
      }
    }
    pen.globalAlpha = 1;
    for (const dot of atlas.chosen) if (!dot.hidden) ring(dot, radius + 3, 2, ink.accent);
    captions();
    if (atlas.at) ring(atlas.at, radius + 4, 2.5, ink.words);
    lasso();
  };

  return { draw, recolour };
}

// Small where there are many, larger when one comes near; in halves of a pixel, so that few stamps are made.
function radiusFor({ dots, camera: { scale, width, height } }) {
  const room = Math.sqrt((width * height) / Math.max(dots.length, 1)) / 7;
  const radius = Math.min(Math.max(room, 2.5), 7.5) * scale ** 0.45;
  return Math.round(Math.min(radius, LARGEST) * 2) / 2;
}

// The height near the middle of a region at which its name covers the fewest dots.
function clearest({ dots, camera, radius }, x, y, halfWide, halfHigh) {
  if (dots.length > MOST_AVOIDED) return y;
  const beside = dots.map((dot) => camera.seen(dot)).filter(([at]) => Math.abs(at - x) < halfWide + radius);
  let [best, fewest] = [y, Infinity];
  for (const step of STEPS) {
    const at = y + step;
    if (at < halfHigh + 6 || at > camera.height - halfHigh - 6) continue;
    const covered = beside.filter(([, high]) => Math.abs(high - at) < halfHigh + radius).length + Math.abs(step) / 200;
    if (covered < fewest) [best, fewest] = [at, covered];
  }
  return best;
}

function broken(label, isNarrow) {
  const words = label.split(" · ");
  return isNarrow && words.length > 1 ? [words[0], words.slice(1).join(" · ")] : [label];
}
