// A first page whose picture does not come: the server may be busy for a moment; then the card says so.
const TRIES = 3;
const WAIT_MS = 5000;

export function faces() {
  const page = document.querySelector(".library-page");
  if (!page) return;
  // Errors of pictures do not bubble; they are seen on their way down.
  page.addEventListener("error", (event) => {
    if (event.target.matches?.("[data-picture]")) again(event.target);
  }, true);
}

function again(picture) {
  const tries = Number(picture.dataset.tries ?? 0) + 1;
  picture.dataset.tries = tries;
  if (tries < TRIES) {
    setTimeout(() => (picture.src = `${picture.src.split("&again")[0]}&again=${tries}`), WAIT_MS * tries);
    return;
  }
  const leaf = document.createElement("span");
  leaf.className = "leaf unreadable";
  leaf.textContent = "No picture of this page";
  picture.replaceWith(leaf);
}
