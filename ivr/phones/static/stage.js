/** What is being said, large: the words in their own language, the sentence that is being spoken, and the time. */

import { seconds } from "./story.js";

/** Shows one text at a time. */
export class Stage {
  #sentence = document.getElementById("sentence");
  #heading = document.getElementById("heading");
  #tongue = document.getElementById("tongue");
  #bar = document.getElementById("bar");
  #measure = document.getElementById("measure");
  #names;
  #ends = [];

  /** @param {Map<string, string>} names of languages, by their code */
  constructor(names) {
    this.#names = names;
  }

  /** Shows words in their language; without one, they are the page's own. */
  show({ text, lang = "en", dir = "ltr", language = "", heading = "What is being said" }) {
    const parts = sentences(text, lang);
    this.#sentence.replaceChildren(...parts.map(asSpan));
    this.#sentence.lang = lang;
    this.#sentence.dir = dir;
    this.#sentence.scrollTop = 0;
    this.#heading.textContent = heading;
    this.#tongue.textContent = this.#names.get(language) ?? "";
    let said = 0;
    this.#ends = parts.map((part) => (said += part.length));
    this.#mark(0);
  }

  /** Shows how much of what is said has been said. */
  speaking(done, total) {
    this.#draw(total > 0 ? done / total : 1, `${seconds(done)} of ${seconds(total)}`);
    this.#mark((total > 0 ? done / total : 1) * (this.#ends.at(-1) ?? 0));
  }

  /** Shows how much time is left for a key. */
  waiting(done, total) {
    this.#draw(1 - done / total, `${Math.ceil(total - done)} s left to press a key`);
    this.#mark(-1);
  }

  /** Nothing moves. */
  still() {
    this.#draw(0, "\u00a0");
    this.#mark(-1);
  }

  #draw(part, words) {
    this.#bar.style.setProperty("--part", String(Math.max(0, Math.min(1, part))));
    this.#measure.textContent = words;
  }

  /** Marks the sentence in which the letter at `said` stands: a fair guess of what the voice has come to. */
  #mark(said) {
    const at = this.#ends.findIndex((end) => said < end);
    const spans = this.#sentence.children;
    for (const [index, span] of [...spans].entries()) {
      span.classList.toggle("aside", said >= 0 && at >= 0 && index !== at);
    }
    if (said > 0 && at >= 0) {
      this.#sentence.scrollTop = spans[at].offsetTop;
    }
  }
}

function sentences(text, lang) {
  if (Intl.Segmenter === undefined || text === "") {
    return [text];
  }
  const found = new Intl.Segmenter(lang || "en", { granularity: "sentence" }).segment(text);
  return [...found].map((part) => part.segment);
}

function asSpan(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}
