// Files and folders dropped anywhere, chosen or pasted are sent a few at a time. Each has one line that tells its stage and,
// at the end, what became of it.
import { Batch } from "./batch.js";

export function drop() {
  const form = document.querySelector("[data-drop]");
  if (!form) return;
  const batch = new Batch(form);
  for (const input of form.querySelectorAll("[type=file]")) {
    input.addEventListener("change", () => {
      batch.send([...input.files].filter(isWanted).map((file) => ({ file, name: file.webkitRelativePath || file.name })));
      input.value = "";
    });
  }
  watchDrops((entries) => batch.send(entries));
  document.addEventListener("glossa:files", (event) => batch.send(event.detail));
  addEventListener("beforeunload", (event) => {
    if (batch.busy) event.preventDefault();
  });
}

function watchDrops(take) {
  const root = document.documentElement;
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const over = (change) => (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = Math.max(0, depth + change);
    root.classList.toggle("dropping", depth > 0);
  };
  addEventListener("dragenter", over(1));
  addEventListener("dragleave", over(-1));
  addEventListener("dragover", over(0));
  addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    root.classList.remove("dropping");
    // The items are gone once this function waits for anything.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = [...event.dataTransfer.files].map((file) => ({ file, name: file.name }));
    take(entries.length ? (await Promise.all(entries.map((entry) => filesIn(entry, "")))).flat() : files);
  });
}

// The files of a dropped folder, however deep, with their paths.
async function filesIn(entry, path) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    return isWanted(file) ? [{ file, name: path + entry.name }] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A reader gives a hundred at most, and then the next ones.
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map((one) => filesIn(one, `${path}${entry.name}/`)))).flat();
}

// What systems leave in folders is no document of anybody.
function isWanted(file) {
  return !file.name.startsWith(".") && !["Thumbs.db", "desktop.ini"].includes(file.name);
}
