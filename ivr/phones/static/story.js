/** The call so far: one list of what was heard, which keys were pressed, and where in the line that led. */

const NEAR_END = 80;
const SAYS = new Set(["play", "say"]);

const WORDS = {
  dial: (news) => `The line rings the clinic: ${news.text}`,
  clinic: (news) => news.text,
  key: (news) => `Key ${news.text}`,
  lost: (news) => `Key ${news.text}: the line was not listening for a key`,
  silence: (news) => `Silence, ${news.seconds} seconds`,
  hangup: (news) => (news.byCaller ? "You hang up" : "The line hangs up"),
};

/** Writes the list. */
export class Story {
  #list;
  #names;
  #saying = null;

  /**
   * @param {HTMLElement} list
   * @param {Map<string, string>} names of languages, by their code
   */
  constructor(list, names) {
    this.#list = list;
    this.#names = names;
  }

  /** Begins anew. */
  clear() {
    this.#list.replaceChildren();
    this.#saying = null;
  }

  /** Adds what the call tells, if it belongs here. */
  add(news) {
    const row = this.#row(news);
    if (row === null) {
      return;
    }
    this.quiet(false);
    const following = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < NEAR_END;
    this.#list.append(row);
    this.#saying = SAYS.has(news.kind) && !news.skipped ? row : null;
    this.#saying?.classList.add("now");
    if (following) {
      this.#list.scrollTop = this.#list.scrollHeight;
    }
  }

  /** Nothing is being said any more; `interrupted` if it was not heard to its end. */
  quiet(interrupted) {
    this.#saying?.classList.remove("now");
    this.#saying?.classList.toggle("interrupted", interrupted);
    this.#saying = null;
  }

  #row(news) {
    if (SAYS.has(news.kind) || news.kind === "staff") {
      return this.#speech(news);
    }
    if (news.kind === "node") {
      return row("node", element("code", news.path), ...news.notes.map((note) => element("small", note)));
    }
    return news.kind in WORDS ? row(news.kind, element("span", WORDS[news.kind](news))) : null;
  }

  #speech(news) {
    const tongue = element("span", news.language || "–", "tongue");
    tongue.title = this.#names.get(news.language) ?? "";
    const words = element("span", news.text || "(a clip whose words are not known)", "words");
    words.lang = news.lang || "en";
    words.dir = news.dir;
    const line = row(news.kind, tongue, words, element("small", seconds(news.seconds)));
    line.classList.toggle("skipped", news.skipped === true);
    if (news.kind === "staff") {
      words.before(element("em", "At the clinic:"));
    }
    return line;
  }
}

/** Seconds as they are shown. */
export function seconds(value) {
  return `${value.toFixed(1)} s`;
}

function row(kind, ...parts) {
  const item = document.createElement("li");
  item.className = kind;
  item.append(...parts);
  return item;
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}
