// An answer as it is written: its words come as events, with a mark wherever a statement rests on words of a document.
// When it has ended the page's own version takes its place, checked and saved. Without events the page looks now and then.
const writing = new Map();

export function answer() {
  if (!document.querySelector("[data-talk], [data-reader]")) return;
  begin();
  document.addEventListener("htmx:after:swap", begin);
  addEventListener("pagehide", () => [...writing.values()].forEach((one) => one.close()));
}

function begin() {
  for (const [turn, source] of writing) {
    if (turn.isConnected) continue;
    source.close();
    writing.delete(turn);
  }
  for (const turn of document.querySelectorAll("[data-events]")) if (!writing.has(turn)) writing.set(turn, follow(turn));
}

function follow(turn) {
  const source = new EventSource(turn.dataset.events);
  const page = new Answer(turn);
  const on = (name, does) => source.addEventListener(name, (event) => does(event.data ? JSON.parse(event.data) : {}));
  on("status", (told) => page.start(told));
  on("passages", (told) => page.tellPassages(told.passages));
  on("delta", (told) => page.write(told.text));
  on("citation", (told) => page.mark(told));
  on("progress", (told) => told.text && page.replace(told.text));
  for (const end of ["done", "failed", "cancelled", "error"]) {
    source.addEventListener(end, (event) => {
      if (end === "error" && !event.data) return; // the connection's own: it comes back by itself
      source.close();
      htmx.trigger(turn, "answered");
    });
  }
  return source;
}

class Answer {
  constructor(turn) {
    this.first = Number(turn.dataset.first);
    this.words = turn.querySelector("[data-words]");
    this.blank = turn.querySelector("[data-blank]");
    this.standing = turn.querySelector("[data-standing]");
    this.examined = turn.querySelector("[data-examined]");
    this.numbers = new Map();
  }

  start({ sweep, detail }) {
    if (sweep) return this.examine(sweep);
    if (detail) return this.say(`${detail} It goes on by itself.`);
    this.replace("");
    this.numbers.clear();
    this.say("Looking through the documents …");
  }

  examine({ examined, documents, found }) {
    this.say(`${examined} of ${documents} documents examined, ${found} found`);
    if (this.examined) this.examined.value = examined;
  }

  say(words) {
    if (this.standing.textContent !== words) this.standing.textContent = words;
  }

  tellPassages(passages) {
    const documents = new Set(passages.map((one) => one.document)).size;
    if (documents) this.say(`Reading ${count(passages.length, "passage")} of ${count(documents, "document")} …`);
  }

  replace(text) {
    this.words.textContent = text;
    this.blank.hidden = Boolean(text);
  }

  write(text) {
    this.blank.hidden = true;
    this.say("Writing …");
    const last = this.words.lastChild;
    if (last?.nodeType === Node.TEXT_NODE) last.appendData(text);
    else this.words.append(text);
  }

  mark({ verified, document: from, start, end, quote, title }) {
    if (!verified) return;
    const words = `${from} ${start} ${end}`;
    if (!this.numbers.has(words)) this.numbers.set(words, this.first + this.numbers.size + 1);
    const mark = document.createElement("a");
    mark.className = "tie";
    mark.textContent = this.numbers.get(words);
    mark.href = `/documents/${from}/?at=${start}-${end}#found`;
    mark.dataset.cites = mark.textContent;
    mark.dataset.quoted = quote;
    mark.dataset.where = title;
    mark.ariaLabel = `Mark ${mark.textContent}: to the words in ${title}`;
    this.words.append(mark);
  }
}

function count(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
