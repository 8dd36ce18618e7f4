/**
 * One call, without page or sound: what is heard in which order, when a key counts, and one request after another.
 *
 * The page gives it an ear and a way to the line, and is told everything that happens. A key counts only while the line
 * listens for one, as on a telephone: not while the clinic is being rung.
 */

const RINGING_SECONDS = 3;
const TALKING_SECONDS = 4;
const TIMED = new Set(["play", "say", "pause", "dial", "staff", "clinic"]);

/** What the clinic's phone did, in words, by the choice made before the call. */
const CLINIC = {
  takes: "The person presses 1, and you talk with each other. Here they hang up after a moment.",
  ignores: "Nobody at the clinic presses 1, so the line comes back to you.",
  busy: "The clinic's phone is busy.",
  "no-answer": "Nobody at the clinic answers.",
};

const TRIES = {
  s1: "asked again after silence",
  s2: "asked a third time after silence",
  w1: "asked again after a wrong key",
  w2: "asked a third time after a wrong key",
};

/**
 * Reads a place of the call as the line writes it: "es/compression-fracture/prep/1?slow=1".
 * @param {string} address
 * @returns {{path: string, notes: string[]}} its path, and what else is true there, in words
 */
export function readPlace(address) {
  const [path, query] = address.replace(/^(at|key|dialed) /, "").split("?");
  const fields = new URLSearchParams(query);
  const notes = [TRIES[fields.get("tries")], fields.get("slow") === "1" ? "slower" : undefined];
  return { path, notes: notes.filter((note) => note !== undefined) };
}

/**
 * What an answer of the line means for the caller, step by step.
 * @param {{heard: object[], gathering: {at: string}|null}} answer
 * @param {string} person what the clinic does when it is rung
 * @returns {object[]} steps; `open` where a key counts
 */
export function stepsOf(answer, person) {
  const nodes = answer.heard.filter((item) => item.kind === "node");
  const last = nodes.at(-1);
  const steps = [];
  let open = last === undefined;
  for (const item of answer.heard) {
    open ||= item === last;
    if (item.kind === "node") {
      steps.push(...afterRinging(steps, person), { kind: "node", ...place(item, nodes, answer.gathering) });
    } else if (item.kind === "dial") {
      steps.push({ ...item, seconds: RINGING_SECONDS });
    } else {
      steps.push({ ...item, open: open && answer.gathering !== null });
    }
  }
  return steps;
}

function afterRinging(steps, person) {
  const rung = ["dial", "staff"].includes(steps.at(-1)?.kind);
  return rung ? [{ kind: "clinic", text: CLINIC[person], seconds: person === "takes" ? TALKING_SECONDS : 2 }] : [];
}

/** A request names the place it came from; where it led is said by what the line waits for there, or rang from there. */
function place(item, nodes, gathering) {
  const next = nodes[nodes.indexOf(item) + 1];
  if (next === undefined) {
    return readPlace(gathering?.at ?? item.text);
  }
  return readPlace(next.text.startsWith("dialed ") ? next.text : item.text);
}

/** One telephone call. Its phases: idle, sending, hearing, ringing, waiting, failed, over. */
export class Call {
  phase = "idle";
  #send;
  #hear;
  #rest;
  #tell;
  #person = "";
  #token = "";
  #asked = null;
  #keys = [];
  #turn = 0;
  #listening = false;
  #skipping = false;
  #one = true;
  #now = new AbortController();

  /**
   * @param {(path: string, fields: object) => Promise<object>} send asks the line; rejects with a LineFault
   * @param {(step: object, signal: AbortSignal, progress: Function) => Promise<void>} hear plays one step to its end
   * @param {(seconds: number, signal: AbortSignal, progress: Function) => Promise<void>} rest lets time pass
   * @param {(news: object) => void} tell hears all news of the call
   */
  constructor({ send, hear, rest, tell }) {
    this.#send = send;
    this.#hear = hear;
    this.#rest = rest;
    this.#tell = tell;
  }

  /** True from dialing to the end. */
  get isOpen() {
    return this.phase !== "idle" && this.phase !== "over";
  }

  /** What the line needs to know this call again; "" before its first answer. */
  get token() {
    return this.#token;
  }

  /** Dials. `options` are `person` and `hidden`. */
  dial(options) {
    this.#person = options.person;
    return this.#ask("call", options);
  }

  /** Presses one key: speech stops at once. While a request is under way, keys wait for their turn. */
  press(key) {
    if (!this.isOpen || this.phase === "failed") {
      return;
    }
    if (this.phase === "sending") {
      this.#keys.push(key);
      return;
    }
    if (!this.#listening) {
      this.#tell({ kind: "lost", text: key });
      return;
    }
    this.#stop();
    this.#tell({ kind: "pressed", text: key, more: !this.#one });
    this.#ask("key", { key });
  }

  /** Jumps over all that is being said, to the wait for a key. */
  skip() {
    if (this.phase === "hearing" || this.phase === "ringing") {
      this.#skipping = true;
      this.#now.abort();
    }
  }

  /** Lets the wait for a key be over now. */
  staySilent() {
    if (this.phase === "waiting") {
      this.#now.abort();
    }
  }

  /** Asks again what the line did not answer. */
  retry() {
    if (this.phase === "failed") {
      this.#ask(this.#asked.path, this.#asked.fields);
    }
  }

  /** Puts the receiver down; the line is told as soon as it can be. */
  hangUp() {
    if (!this.isOpen) {
      return;
    }
    const sending = this.phase === "sending";
    this.leave();
    this.#tell({ kind: "hangup", byCaller: true });
    if (!sending) {
      this.#tellHangUp();
    }
  }

  /** Ends the call on this side only. */
  leave() {
    this.#stop();
    this.#keys = [];
    this.#become("over");
  }

  async #ask(path, fields) {
    this.#asked = { path, fields };
    this.#listening = false;
    this.#become("sending");
    let answer;
    try {
      answer = await this.#send(path, { ...fields, call: this.#token });
    } catch (fault) {
      this.#fail(fault);
      return;
    }
    this.#token = answer.call;
    if (this.phase === "over") {
      this.#tellHangUp();
      return;
    }
    await this.#run(answer);
  }

  #fail(fault) {
    if (this.phase === "over") {
      return;
    }
    this.#keys = [];
    this.#become(fault.final ? "over" : "failed");
    this.#tell({ kind: "fault", text: fault.message, final: fault.final === true });
  }

  #tellHangUp() {
    if (this.#token !== "") {
      // The caller is gone: whether the line could be told is no longer their concern.
      this.#send("hangup", { call: this.#token }).catch(() => {});
    }
  }

  async #run(answer) {
    const turn = ++this.#turn;
    this.#skipping = false;
    this.#one = answer.gathering?.one ?? true;
    for (const step of stepsOf(answer, this.#person)) {
      await this.#step(step, turn);
      if (turn !== this.#turn) {
        return;
      }
    }
    if (answer.over || answer.gathering === null) {
      this.leave();
      return;
    }
    await this.#wait(answer.gathering, turn);
  }

  async #step(step, turn) {
    if (TIMED.has(step.kind)) {
      this.#listening = step.open === true;
      this.#become(["dial", "staff", "clinic"].includes(step.kind) ? "ringing" : "hearing");
      this.#takeWaitingKey();
      if (turn !== this.#turn) {
        return;
      }
    }
    this.#tell({ ...step, skipped: this.#skipping });
    if (TIMED.has(step.kind) && !this.#skipping) {
      await this.#pass((signal, progress) => this.#hear(step, signal, progress));
    }
  }

  async #wait(gathering, turn) {
    this.#listening = true;
    this.#become("waiting");
    this.#takeWaitingKey();
    if (turn !== this.#turn) {
      return;
    }
    this.#tell({ kind: "waiting", seconds: gathering.timeout });
    await this.#pass((signal, progress) => this.#rest(gathering.timeout, signal, progress));
    if (turn === this.#turn) {
      this.#ask("silence", {});
    }
  }

  /** A key pressed while the line was asked: it counts now if the line listens, and is lost if not. */
  #takeWaitingKey() {
    const key = this.#keys.shift();
    if (key !== undefined) {
      this.press(key);
    }
  }

  async #pass(work) {
    this.#now = new AbortController();
    await work(this.#now.signal, (done, total) => this.#tell({ kind: "progress", done, total }));
  }

  #stop() {
    this.#turn += 1;
    this.#now.abort();
  }

  #become(phase) {
    this.phase = phase;
    this.#tell({ kind: "phase", phase });
  }
}
