// Says when the server cannot be reached, and takes it back when it answers again.
export function connection() {
  const note = document.querySelector("[data-offline]");
  if (!note) return;
  const lost = (is) => () => (note.hidden = !is);
  addEventListener("offline", lost(true));
  addEventListener("online", lost(false));
  document.addEventListener("htmx:error", (event) => {
    if (!event.detail?.ctx?.response) note.hidden = false;
  });
  document.addEventListener("htmx:before:response", lost(false));
}
