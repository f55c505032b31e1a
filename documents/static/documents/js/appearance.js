// The switch in the footer: as the system → light → dark.
const ORDER = ["", "light", "dark"];
const KEPT = "glossa-appearance"; // the administration keeps a "theme" of its own
const WORDS = { "": "as the system", light: "light", dark: "dark" };

export function appearance() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  const root = document.documentElement;
  const say = () => (button.lastElementChild.textContent = `Appearance: ${WORDS[root.dataset.theme ?? ""]}`);
  button.addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(root.dataset.theme ?? "") + 1) % ORDER.length];
    if (next) {
      root.dataset.theme = next;
      localStorage.setItem(KEPT, next);
    } else {
      delete root.dataset.theme;
      localStorage.removeItem(KEPT);
    }
    say();
  });
  say();
  button.hidden = false;
}
