const KEPT = "glossa-map";
const FRESH_MS = 15_000;

// What is seen and chosen outlasts a newer map and another colouring: both load the page again.
export function memory(atlas) {
  addEventListener("pagehide", () => {
    const { scale, x, y } = atlas.camera;
    const chosen = [...atlas.chosen].map((dot) => dot.id);
    sessionStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), scale, x, y, chosen }));
  });
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  const isReturn = new URL(document.referrer || location.href).pathname === location.pathname;
  const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
  if (!kept || Date.now() - kept.at > FRESH_MS || !(isReturn || isReload)) return;
  const chosen = new Set(kept.chosen);
  atlas.camera.set(kept);
  atlas.choose(atlas.dots.filter((dot) => chosen.has(dot.id)));
}
