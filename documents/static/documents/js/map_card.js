// What is known of the dot that is pointed at: its title, a small picture of its first page, its type and region.
export function card(atlas) {
  const place = atlas.find("card");
  let shown = null;
  atlas.told = () => {
    place.hidden = !atlas.at;
    place.classList.toggle("kept", atlas.kept);
    if (!atlas.at) return (shown = null);
    if (shown !== atlas.at) fill(atlas, place, (shown = atlas.at));
    put(atlas, place);
  };
}

function fill({ part, regions }, place, dot) {
  const link = Object.assign(document.createElement("a"), { href: `${part.dataset.document}${dot.id}/`, textContent: dot.title });
  const about = document.createElement("small");
  about.textContent = [dot.about, regions[dot.region]?.label].filter(Boolean).join(" · ");
  const words = document.createElement("div");
  words.append(link, about);
  place.replaceChildren(words);
  if (!dot.pictured) return;
  const picture = Object.assign(document.createElement("img"), { alt: "", width: 72, height: 102 });
  picture.addEventListener("error", () => picture.remove());
  picture.src = `${part.dataset.document}${dot.id}/pages/1.png?width=240`;
  place.prepend(picture);
}

function put({ camera, at, radius }, place) {
  const [x, y] = camera.seen(at);
  const { offsetWidth: wide, offsetHeight: high } = place;
  const left = Math.min(Math.max(x - wide / 2, 8), camera.width - wide - 8);
  const above = y - high - radius - 10;
  place.style.setProperty("--at-x", `${Math.round(left)}px`);
  place.style.setProperty("--at-y", `${Math.round(above > 8 ? above : y + radius + 10)}px`);
}
