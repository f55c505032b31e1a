// Picking documents from a list: all that are shown at once. Enter in the box for titles only filters, it starts nothing.
export function picking() {
  const part = document.querySelector("[data-picking]");
  if (!part) return;
  const all = part.querySelector("[data-pick-all]");
  all.hidden = false;
  all.addEventListener("click", () => {
    const boxes = [...part.querySelectorAll("[type=checkbox]")];
    const some = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = some;
    part.dispatchEvent(new Event("change", { bubbles: true }));
  });
  part.querySelector("[data-filter]").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
