// What is being written outlives its page, and a session that ends meanwhile: it is kept in this tab, for this person
// alone, until it is sent or the person signs out.
const MOST_LETTERS = 20_000;
const boxes = () => [...document.querySelectorAll("[data-keeps]")].filter((box) => box.form && box.name);
const sent = new WeakSet();

export function drafts() {
  const mine = `draft:${document.body.dataset.person}:`;
  document.addEventListener("submit", ({ target }) => sent.add(target));
  document.addEventListener("input", ({ target }) => sent.delete(target.form));
  if (!document.body.dataset.person) return;
  const key = (box) => `${mine}${location.pathname}${location.search}:${box.name}`;
  for (const box of boxes()) giveBack(box, sessionStorage.getItem(key(box)));
  forget((name, draft) => !name.startsWith(mine) || draft.sent);
  addEventListener("pagehide", () => {
    if ([...document.querySelectorAll("[data-signs-out]")].some((form) => sent.has(form))) forget(() => true);
    else for (const box of boxes()) keep(box, key(box));
  });
}

function giveBack(box, kept) {
  if (kept && box.value === box.defaultValue) box.value = JSON.parse(kept).text;
}

function keep(box, key) {
  if (box.value === box.defaultValue || box.value.length > MOST_LETTERS) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify({ text: box.value, sent: sent.has(box.form) }));
}

// A draft that was sent, and whose sending led to a page of this person, has arrived.
function forget(isOld) {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith("draft:") && isOld(name, JSON.parse(sessionStorage.getItem(name)))) sessionStorage.removeItem(name);
  }
}
