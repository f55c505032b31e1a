// Files on their way: a line each, from "waiting" to what became of it, and the sums above them. What is under way when
// the page is left comes back with the next one: the stages from the server, and by name what was not sent.
const AT_ONCE = 3;
const LOOK_EVERY_MS = 1000;
const ASKED_AT_ONCE = 100;
// So few need no list of their own: their rows in the library tell the rest.
const SHELF_SHOWS = 5;

export class Batch {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("[data-sending]");
    this.head = form.querySelector("[data-batch]");
    this.onlyWrong = form.querySelector("[data-only-wrong]");
    this.rows = [];
    this.left = [];
    this.looking = 0;
    this.key = `glossa-batch-${form.dataset.person}`;
    this.list.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("li").remove());
    form.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    this.onlyWrong.addEventListener("click", () => this.filter(this.onlyWrong.ariaPressed !== "true"));
    addEventListener("pagehide", () => this.save());
    addEventListener("pageshow", (event) => event.persisted && sessionStorage.removeItem(this.key));
    this.restore();
  }

  save() {
    const open = [...this.left, ...this.rows].filter((row) => !row.end);
    sessionStorage.setItem(this.key, JSON.stringify(open.map(({ name, document }) => ({ name, document }))));
  }

  async restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    sessionStorage.removeItem(this.key);
    if (!kept.length) return;
    this.restored = true;
    for (const { name, document } of kept) {
      const row = this.add({ name });
      row.document = document;
      row.share.textContent = "";
      if (!document) this.refuse(row, `“${name}” was not sent: the page was left before. Choose it again.`);
    }
    const sent = this.rows.filter((row) => row.document);
    for (let first = 0; first < sent.length; first += ASKED_AT_ONCE) await this.ask(sent.slice(first, first + ASKED_AT_ONCE));
    for (const row of sent) if (["ready", "gone"].includes(row.end)) row.item.remove();
    this.rows = this.rows.filter((row) => row.item.isConnected);
    this.tell();
    this.look();
  }

  async send(entries) {
    if (!entries.length) return;
    if (this.rows.every((row) => row.end)) this.clear();
    const added = entries.map((entry) => this.add(entry));
    this.waiting = (this.waiting ?? []).concat(added);
    this.tell();
    if (this.busy) return;
    this.busy = true;
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.sendOn()));
    this.busy = false;
    await htmx.ajax("GET", this.form.action + location.search, { target: "#library", swap: "outerMorph" });
    if (this.rows.length <= SHELF_SHOWS) this.leaveToTheShelf();
    else this.look();
  }

  async sendOn() {
    for (let row = this.waiting.shift(); row; row = this.waiting.shift()) {
      await this.sendOne(row);
      this.tell();
      if (this.rows.length > SHELF_SHOWS) this.look();
    }
  }

  add({ file, name }) {
    const item = document.createElement("li");
    const title = document.createElement("span");
    const share = document.createElement("span");
    const bar = document.createElement("progress");
    title.textContent = name;
    share.textContent = "waiting";
    bar.max = 1;
    bar.value = 0;
    bar.ariaLabel = `Sending ${name}`;
    item.append(title, share, bar);
    this.list.append(item);
    const row = { file, name, item, share, bar, end: "", document: "" };
    this.rows.push(row);
    return row;
  }

  sendOne(row) {
    const limit = Number(this.form.dataset.limitMb);
    if (row.file.size > limit * 1024 * 1024) {
      this.refuse(row, `“${row.name}” was not kept. It is larger than ${limit} MB, the most this server takes.`);
      return Promise.resolve();
    }
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.action);
      request.setRequestHeader("HX-Request", "true");
      request.setRequestHeader("X-CSRFToken", this.form.elements.csrfmiddlewaretoken.value);
      request.upload.addEventListener("progress", (event) => {
        row.bar.value = event.loaded / event.total;
        row.share.textContent = row.bar.value < 1 ? `sending, ${Math.floor(row.bar.value * 100)} %` : "keeping";
      });
      request.addEventListener("load", () => {
        if (request.status === 200) this.take(row, request.responseText);
        else this.refuse(row, problem(row.name, request.status, limit));
        done();
      });
      request.addEventListener("error", () => {
        this.refuse(row, `“${row.name}” did not arrive: the connection broke. Send it again.`);
        done();
      });
      const body = new FormData();
      body.append("file", row.file);
      request.send(body);
    });
  }

  take(row, html) {
    const part = fragment(html);
    row.document = part.querySelector("[data-kept]")?.dataset.kept ?? "";
    row.end = row.document ? "" : part.querySelector(".wrong") ? "wrong" : "there";
    row.item.replaceChildren(part);
  }

  refuse(row, sentence) {
    const part = this.form.querySelector("template").content.cloneNode(true);
    part.querySelector("[data-words]").textContent = sentence;
    row.end = "wrong";
    row.item.replaceChildren(part);
  }

  // Asks for the stages of those that are kept and not read yet, again and again until there are none.
  async look() {
    if (this.looking) return;
    this.looking = 1;
    for (;;) {
      const open = this.rows.filter((row) => row.document && !row.end);
      if (!open.length) break;
      for (let first = 0; first < open.length; first += ASKED_AT_ONCE) {
        await this.ask(open.slice(first, first + ASKED_AT_ONCE));
      }
      this.tell();
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    this.looking = 0;
    this.tell();
  }

  async ask(rows) {
    const query = rows.map((row) => `id=${row.document}`).join("&");
    let html;
    try {
      const answer = await fetch(`${this.form.dataset.stages}?${query}`);
      if (!answer.ok) return;
      html = await answer.text();
    } catch {
      // Offline for a moment: the next look tells.
      return;
    }
    const lines = new Map([...fragment(html).querySelectorAll("[data-stage]")].map((line) => [line.dataset.stage, line]));
    for (const row of rows) this.show(row, lines.get(row.document));
  }

  show(row, line) {
    if (!line) {
      row.end = "gone";
      row.item.remove();
      return;
    }
    row.end = { ready: "ready", failed: "wrong" }[line.dataset.status] ?? "";
    line.querySelector("a").textContent = row.name;
    row.item.replaceChildren(line);
  }

  tell() {
    const count = (end) => this.rows.filter((row) => row.end === end).length;
    const sent = this.rows.filter((row) => row.document || row.end).length;
    const [ready, wrong, there] = [count("ready"), count("wrong"), count("there")];
    const ended = this.rows.filter((row) => row.end).length;
    this.head.hidden = this.rows.length <= (this.restored ? 0 : SHELF_SHOWS);
    const words = [`${sent} of ${this.rows.length} sent`, `${ready} ready`, `${wrong} not read`];
    if (there) words.push(`${there} there already`);
    this.head.querySelector("[data-sums]").textContent = words.join(" · ");
    this.head.querySelector("[data-share]").value = (sent + ended) / (2 * this.rows.length || 1);
    this.onlyWrong.hidden = !wrong;
    this.head.querySelector("[data-clear]").hidden = ended < this.rows.length;
  }

  filter(on) {
    this.onlyWrong.ariaPressed = String(on);
    this.list.classList.toggle("only-wrong", on);
  }

  clear() {
    this.rows = [];
    this.left = [];
    this.restored = false;
    this.list.replaceChildren();
    this.filter(false);
    this.tell();
  }

  leaveToTheShelf() {
    for (const kept of this.list.querySelectorAll("[data-kept]")) kept.closest("li")?.remove();
    this.left = this.rows;
    this.rows = [];
  }
}

function problem(name, status, limit) {
  if (status === 413) return `“${name}” was not kept. It is larger than ${limit} MB, the most this server takes.`;
  if (status === 403) return `“${name}” was not kept: you are signed out. Load this page again and sign in.`;
  return `“${name}” was not kept: the server had a fault. Try again in a moment.`;
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
