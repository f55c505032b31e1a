// Buttons that show a password while it is typed. It is hidden again before it is sent, so that no browser keeps it as text.
export function peek() {
  const buttons = document.querySelectorAll("[data-peek]");
  const field = (button) => document.getElementById(button.dataset.peek);
  const show = (button, shown) => {
    field(button).type = shown ? "text" : "password";
    button.firstChild.data = shown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", shown);
  };
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => show(button, field(button).type === "password"));
    field(button).form.addEventListener("submit", () => show(button, false));
  }
}
