/** The web phone's page: ties the handset, the keyboard, the ear and what is shown to one call at a time. */

import { Call } from "./call.js";
import { Ear, rest } from "./ear.js";
import { wayToLine } from "./line.js";
import { Stage } from "./stage.js";
import { Story } from "./story.js";

const HOME = location.pathname.replace(/\/$/, "");
const KEYS = "1234567890*#";
const FLASH = 160;
const STATUS = {
  idle: "Ready",
  sending: "Calling",
  hearing: "The line is speaking",
  ringing: "Connecting you to the clinic",
  waiting: "The line is listening",
  failed: "No connection to the line",
  over: "Call ended",
};

const find = (id) => document.getElementById(id);
const buttons = { call: find("call"), hangUp: find("hang-up"), skip: find("skip"), silence: find("silence") };
const names = new Map([...document.querySelectorAll("[data-code]")].map((row) => [row.dataset.code, row.dataset.name]));
const send = wayToLine(HOME);
const stage = new Stage(names);
const story = new Story(find("story"), names);
const ear = new Ear(find("ear"), (words) => showFault(words, false));
let call = newCall();
let began = 0;

/** What each piece of news does to the page, beside the list of the call so far. */
const ON = {
  phase: ({ phase }) => showPhase(phase),
  progress: ({ done, total }) => (call.phase === "waiting" ? stage.waiting(done, total) : stage.speaking(done, total)),
  pressed: ({ text, more }) => showPressed(text, more),
  node: () => delete find("digits").dataset.more,
  play: (news) => stage.show(news),
  say: (news) => stage.show(news),
  clinic: (news) => stage.show(news),
  dial: (news) => stage.show({ text: `Ringing the clinic at ${news.text}` }),
  staff: (news) => stage.show({ ...news, heading: "What the clinic hears" }),
  hangup: (news) => stage.show({ text: news.byCaller ? "You hung up." : "The line said goodbye, and hung up." }),
  fault: ({ text, final }) => showFault(text, !final),
};

function newCall() {
  return new Call({ send, hear: ear.hear.bind(ear), rest, tell });
}

function tell(news) {
  ON[news.kind]?.(news);
  story.add(news);
}

function dial() {
  if (call.isOpen) {
    return;
  }
  const chosen = new FormData(find("options"));
  story.clear();
  showFault("", false);
  showPressed("", false);
  stage.show({ text: "Calling the line" });
  began = performance.now();
  call = newCall();
  call.dial({ person: chosen.get("person"), hidden: chosen.has("hidden") });
}

function press(key) {
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), FLASH);
  ear.key(key);
  call.press(key);
}

function retry() {
  showFault("", false);
  call.retry();
}

function mute() {
  ear.muted = !ear.muted;
  find("mute").setAttribute("aria-pressed", String(ear.muted));
}

function showPhase(phase) {
  document.body.dataset.phase = phase;
  if (phase !== "sending" || call.token === "") {
    setText(find("status"), STATUS[phase]);
  }
  story.quiet(phase === "sending" || phase === "over");
  enable(buttons.call, !call.isOpen);
  enable(buttons.hangUp, call.isOpen);
  enable(buttons.skip, phase === "hearing" || phase === "ringing");
  enable(buttons.silence, phase === "waiting");
  if (!["hearing", "ringing", "waiting"].includes(phase)) {
    stage.still();
  }
}

/** A number that is being keyed in stays in sight, as on any telephone; of other keys, the last. */
function showPressed(key, more) {
  const digits = find("digits");
  digits.textContent = more && "more" in digits.dataset ? digits.textContent + key : key;
  if (more) {
    digits.dataset.more = "";
  }
}

function showFault(words, canRetry) {
  setText(find("fault"), words);
  find("retry").hidden = !canRetry;
}

function showClock() {
  if (call.isOpen) {
    const seconds = Math.floor((performance.now() - began) / 1000);
    find("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

/** Not `disabled`, which would throw the keyboard's focus away in the middle of a call. */
function enable(button, on) {
  button.setAttribute("aria-disabled", String(!on));
}

/** Only a change is announced to who listens to the page. */
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
    return;
  }
  if (KEYS.includes(event.key) && event.key.length === 1) {
    press(event.key);
  } else if (event.key === "Escape") {
    call.hangUp();
  } else if (event.key === "Enter" && !event.target.closest("button, a")) {
    dial();
  } else {
    return;
  }
  event.preventDefault();
}

function onClick(button, act) {
  button.addEventListener("click", () => button.getAttribute("aria-disabled") === "true" || act());
}

/** The page goes away: the line is told, since nobody is left to hear it. */
function onLeave() {
  if (!call.isOpen) {
    return;
  }
  const told = new Blob([JSON.stringify({ call: call.token })], { type: "application/json" });
  call.leave();
  if (call.token !== "") {
    navigator.sendBeacon(`${HOME}/hangup`, told);
  }
}

onClick(buttons.call, dial);
onClick(buttons.hangUp, () => call.hangUp());
onClick(buttons.skip, () => call.skip());
onClick(buttons.silence, () => call.staySilent());
onClick(find("mute"), mute);
onClick(find("retry"), retry);
for (const button of document.querySelectorAll("[data-key]")) {
  onClick(button, () => press(button.dataset.key));
}
document.addEventListener("keydown", onKey);
find("options").addEventListener("submit", (event) => event.preventDefault());
addEventListener("pagehide", onLeave);
setInterval(showClock, 250);
