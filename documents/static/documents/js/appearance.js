// The switch in the footer, and that on the account's page: as the system → light → dark.
const ORDER = ["", "light", "dark"];
const KEPT = "glossa-appearance"; // the administration keeps a "theme" of its own
const WORDS = { "": "as the system", light: "light", dark: "dark" };

export function appearance() {
  const buttons = document.querySelectorAll("[data-theme-switch]");
  const root = document.documentElement;
  const say = () => {
    for (const button of buttons) button.lastElementChild.textContent = `Appearance: ${WORDS[root.dataset.theme ?? ""]}`;
  };
  const change = () => {
    const next = ORDER[(ORDER.indexOf(root.dataset.theme ?? "") + 1) % ORDER.length];
    if (next) {
      root.dataset.theme = next;
      localStorage.setItem(KEPT, next);
    } else {
      delete root.dataset.theme;
      localStorage.removeItem(KEPT);
    }
    say();
  };
  say();
  for (const button of buttons) {
    button.addEventListener("click", change);
    button.hidden = false;
  }
}
