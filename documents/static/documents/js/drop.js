// Files dropped anywhere or chosen are sent one by one, each with its progress and, at the end, its sentence. That a file
// was kept is said until its row is there; what else was said stays until it is dismissed or the next files are sent.
export function drop() {
  const form = document.querySelector("[data-drop]");
  if (!form) return;
  const input = form.querySelector("[type=file]");
  const list = form.querySelector("[data-sending]");
  input.addEventListener("change", () => {
    sendAll(form, list, [...input.files]);
    input.value = "";
  });
  list.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("li").remove());
  watchDrops((files) => sendAll(form, list, files));
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
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    root.classList.remove("dropping");
    take([...event.dataTransfer.files]);
  });
}

async function sendAll(form, list, files) {
  list.replaceChildren();
  const rows = files.map((file) => row(list, file));
  for (const [place, file] of files.entries()) await send(form, file, rows[place]);
  await htmx.ajax("GET", form.action, { target: "#shelf", swap: "outerHTML" });
  for (const kept of list.querySelectorAll("[data-kept]")) kept.closest("li")?.remove();
}

function row(list, file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const share = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  share.textContent = "waiting";
  bar.max = 1;
  bar.value = 0;
  bar.ariaLabel = `Sending ${file.name}`;
  item.append(name, share, bar);
  list.append(item);
  return { item, share, bar };
}

function send(form, file, { item, share, bar }) {
  const limit = Number(form.dataset.limitMb);
  const end = (part) => item.replaceChildren(part);
  if (file.size > limit * 1024 * 1024) {
    end(refusal(form, `“${file.name}” was not kept. It is larger than ${limit} MB, the most this server takes.`));
    return Promise.resolve();
  }
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.loaded / event.total;
      share.textContent = bar.value < 1 ? `${Math.floor(bar.value * 100)} %` : "keeping";
    });
    request.addEventListener("load", () => {
      if (request.status === 200) item.replaceChildren(fragment(request.responseText));
      else end(refusal(form, problem(file, request.status, limit)));
      done();
    });
    request.addEventListener("error", () => {
      end(refusal(form, `“${file.name}” did not arrive: the connection broke. Send it again.`));
      done();
    });
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

function problem(file, status, limit) {
  if (status === 413) return `“${file.name}” was not kept. It is larger than ${limit} MB, the most this server takes.`;
  if (status === 403) return `“${file.name}” was not kept: you are signed out. Load this page again and sign in.`;
  return `“${file.name}” was not kept: the server had a fault. Try again in a moment.`;
}

function refusal(form, sentence) {
  const part = form.querySelector("template").content.cloneNode(true);
  part.querySelector("[data-words]").textContent = sentence;
  return part;
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
