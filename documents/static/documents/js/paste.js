// What is pasted on the library becomes a document: files at once, words after a look at them.
const MOST_CHARACTERS = 1_000_000;

export function paste() {
  const dialog = document.querySelector("[data-paste-dialog]");
  if (!dialog) return;
  const field = (name) => dialog.querySelector(`[name="${name}"]`);
  const open = (text) => {
    field("title").value = "";
    field("text").value = text;
    for (const error of dialog.querySelectorAll(".error")) error.remove();
    dialog.showModal();
    field(text ? "title" : "text").focus();
  };
  document.querySelector("[data-paste]").addEventListener("click", (event) => {
    event.preventDefault();
    open("");
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  document.addEventListener("htmx:after:swap", (event) => {
    if (dialog.open && event.detail?.ctx?.sourceElement === dialog.querySelector("form") && !dialog.querySelector(".error")) dialog.close();
  });
  addEventListener("paste", (event) => {
    if (dialog.open || event.target.closest?.("input, textarea, [contenteditable]")) return;
    const files = [...event.clipboardData.files];
    const text = event.clipboardData.getData("text/plain");
    if (files.length) give(files.map(named));
    else if (text.length > MOST_CHARACTERS) give([new File([text], `${stamp("Pasted text")}.txt`, { type: "text/plain" })]);
    else if (text.trim()) open(text);
    else return;
    event.preventDefault();
  });
}

function give(files) {
  document.dispatchEvent(new CustomEvent("glossa:files", { detail: files.map((file) => ({ file, name: file.name })) }));
}

// Browsers call every pasted picture image.png.
function named(file) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  return new File([file], `${stamp("Pasted picture")}.${file.name.split(".").pop()}`, { type: file.type });
}

function stamp(what) {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${what} ${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
}
