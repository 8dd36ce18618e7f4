/**
 * The caller's ear: plays clips, speaks what has no clip, and otherwise lets the same time pass in silence.
 *
 * Nothing here may leave a call hanging: whatever the browser refuses, the words stay for as long as they would last.
 */

const TICK = 100;
/** Seconds that a clip may be late before the call goes on without it. */
const PATIENCE = 6;
/** What a key sounds like: its row's and its column's pitch. */
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = "123456789*0#";
const RINGING = [440, 480];

/**
 * Lets `seconds` pass, or less if `signal` is aborted.
 * @param {number} seconds
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} progress
 * @returns {Promise<void>}
 */
export function rest(seconds, signal, progress) {
  const start = performance.now();
  const passed = () => Math.min((performance.now() - start) / 1000, seconds);
  return new Promise((resolve) => {
    const ticking = setInterval(() => progress(passed(), seconds), TICK);
    const ending = setTimeout(finish, seconds * 1000);
    function finish() {
      clearInterval(ticking);
      clearTimeout(ending);
      resolve();
    }
    onAbort(signal, finish);
    progress(0, seconds);
  });
}

/** Plays what a call gives it to hear. */
export class Ear {
  #audio;
  #onTrouble;
  #muted = false;
  #tones = null;

  /**
   * @param {HTMLAudioElement} audio
   * @param {(words: string) => void} onTrouble told in words when something cannot be heard
   */
  constructor(audio, onTrouble) {
    this.#audio = audio;
    this.#onTrouble = onTrouble;
  }

  /** True while only the words are shown. */
  get muted() {
    return this.#muted;
  }

  set muted(muted) {
    this.#muted = muted;
    this.#audio.muted = muted;
    if (muted) {
      globalThis.speechSynthesis?.cancel();
    }
  }

  /**
   * Lets one step be heard to its end.
   * @param {{kind: string, url?: string, seconds: number}} step
   * @param {AbortSignal} signal stops it at once
   * @param {(done: number, total: number) => void} progress
   * @returns {Promise<void>}
   */
  async hear(step, signal, progress) {
    if (step.kind === "play" && step.url) {
      await this.#clip(step, signal, progress);
      return;
    }
    if (step.kind === "dial") {
      this.#tone(RINGING, 2);
    }
    const voice = step.kind === "say" && !this.#muted ? voiceFor(step.lang) : undefined;
    await (voice ? speak(step, voice, signal, progress) : rest(step.seconds, signal, progress));
  }

  /** The short sound of a key. */
  key(key) {
    const at = KEYS.indexOf(key);
    this.#tone([ROWS[Math.floor(at / 3)], COLUMNS[at % 3]], 0.14);
  }

  async #clip(step, signal, progress) {
    const played = await play(this.#audio, step, signal, progress);
    if (!played && !signal.aborted) {
      this.#onTrouble("This clip could not be played here. Its words stay for as long as it would last.");
      await rest(step.seconds, signal, progress);
    }
  }

  #tone(pitches, seconds) {
    if (this.#muted || globalThis.AudioContext === undefined) {
      return;
    }
    this.#tones ??= new AudioContext();
    const [now, gain] = [this.#tones.currentTime, this.#tones.createGain()];
    gain.gain.setValueAtTime(0.05, now);
    gain.gain.setTargetAtTime(0, now + seconds - 0.02, 0.01);
    gain.connect(this.#tones.destination);
    for (const pitch of pitches) {
      const tone = new OscillatorNode(this.#tones, { frequency: pitch });
      tone.connect(gain);
      tone.start(now);
      tone.stop(now + seconds + 0.1);
    }
  }
}

/** Resolves with true at the clip's end or when stopped, with false when it cannot be played or does not arrive. */
function play(audio, step, signal, progress) {
  return new Promise((resolve) => {
    const ticking = setInterval(() => progress(audio.currentTime, length()), TICK);
    const late = setTimeout(() => finish(audio.currentTime > 0), (step.seconds + PATIENCE) * 1000);
    const length = () => (Number.isFinite(audio.duration) ? audio.duration : step.seconds);
    function finish(played) {
      clearInterval(ticking);
      clearTimeout(late);
      audio.onended = audio.onerror = null;
      audio.pause();
      resolve(played);
    }
    audio.onended = () => finish(true);
    audio.onerror = () => finish(false);
    onAbort(signal, () => finish(true));
    progress(0, step.seconds);
    audio.src = nearAddress(step.url);
    audio.play().catch((fault) => fault.name === "AbortError" || finish(false));
  });
}

/** The clip on the host that this page came from: the line may have another public address, or another audio host. */
function nearAddress(url) {
  const [language, name] = new URL(url, document.baseURI).pathname.split("/").slice(-2);
  return `/audio/${language}/${name}`;
}

/** A voice of this machine for a language. One that speaks from elsewhere would send the words there. */
function voiceFor(lang) {
  const spoken = (lang ?? "").split("-")[0];
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.find((voice) => voice.localService && voice.lang.split(/[-_]/)[0] === spoken);
}

async function speak(step, voice, signal, progress) {
  const ended = new AbortController();
  const words = new SpeechSynthesisUtterance(step.text);
  words.lang = step.lang;
  words.voice = voice;
  words.onend = words.onerror = () => ended.abort();
  onAbort(signal, () => ended.abort());
  speechSynthesis.speak(words);
  const shown = (done) => progress(Math.min(done, step.seconds), step.seconds);
  await rest(step.seconds * 2 + PATIENCE, ended.signal, shown);
  speechSynthesis.cancel();
}

function onAbort(signal, stop) {
  if (signal.aborted) {
    stop();
  } else {
    signal.addEventListener("abort", stop, { once: true });
  }
}
