// The box for a question: Enter asks, Shift and Enter begin a new line, and an empty question is not sent.
export function question() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("[data-question]")) return;
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit(event.target.form.querySelector(".main"));
  });
}
