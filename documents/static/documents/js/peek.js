// Boxes that show a password while it is typed. It is hidden again before it is sent, so that no browser keeps it as text.
export function peek() {
  for (const box of document.querySelectorAll("[data-peek]")) {
    const field = document.getElementById(box.dataset.peek);
    const show = () => (field.type = box.checked ? "text" : "password");
    box.checked = false;
    box.closest("label").hidden = false;
    box.addEventListener("change", show);
    field.form.addEventListener("submit", () => {
      box.checked = false;
      show();
    });
  }
}
