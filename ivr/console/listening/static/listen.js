/**
 * The listening page: plays one clip, or a part of the call as a caller hears it, and fills in what was measured.
 *
 * One thing plays at a time. Without this script every clip is still a plain link.
 */

/** Seconds that a clip may be late before it counts as one that cannot be played. */
const PATIENCE = 6;
const TICK = 100;
/** How far below the screen a part is measured already. */
const AHEAD = "600px";
const UNREACHABLE = "The line cannot be reached. Is it still running?";
const SIGNED_OUT = "You have been signed out. Reload this page to sign in.";
const UNPLAYABLE = "This clip could not be played here.";

const find = (id) => document.getElementById(id);
const [ear, player, stopButton] = [find("ear"), find("player"), find("stop")];
/** What plays now; aborting it stops it. */
let playing = null;
/** Where the focus goes back to when everything has stopped. */
let pressed = null;

function shown(done, total) {
  find("bar").style.setProperty("--part", total > 0 ? Math.min(done / total, 1) : 0);
}

function say(fault) {
  find("fault").textContent = fault;
}

/** Stops whatever plays. */
function stop() {
  playing?.abort();
  playing = null;
  ear.pause();
  const held = player.contains(document.activeElement);
  player.hidden = true;
  if (held) {
    pressed?.focus();
  }
}

/**
 * Plays something instead of what plays now.
 * @param {HTMLElement} button what was pressed for it
 * @param {(signal: AbortSignal) => Promise<void>} what
 */
async function start(button, what) {
  stop();
  say("");
  const mine = (playing = new AbortController());
  pressed = button;
  player.hidden = false;
  await what(mine.signal);
  if (playing === mine) {
    stop();
  }
}

/** Lets a row be heard to its end, and shows that it is the one. */
async function hear(link, signal, place) {
  const row = link.closest(".row");
  find("playing").textContent = row.querySelector("code").textContent;
  find("place").textContent = place;
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
  const played = await play(link.href, Number(link.dataset.seconds), signal);
  row.removeAttribute("aria-current");
  if (!played && !signal.aborted) {
    say(`${UNPLAYABLE} (${row.querySelector("code").textContent})`);
  }
}

/** Resolves with true at the clip's end or when stopped, with false when it cannot be played or does not arrive. */
function play(address, seconds, signal) {
  return new Promise((resolve) => {
    const length = () => (Number.isFinite(ear.duration) ? ear.duration : seconds);
    const ticking = setInterval(() => shown(ear.currentTime, length()), TICK);
    const late = setTimeout(() => finish(ear.currentTime > 0), (seconds + PATIENCE) * 1000);
    function finish(played) {
      clearInterval(ticking);
      clearTimeout(late);
      ear.onended = ear.onerror = null;
      ear.pause();
      resolve(played);
    }
    signal.addEventListener("abort", () => finish(true), { once: true });
    ear.onended = () => finish(true);
    ear.onerror = () => finish(false);
    shown(0, seconds);
    ear.src = address;
    ear.play().catch((fault) => fault.name === "AbortError" || finish(false));
  });
}

/** Lets seconds pass as a caller waits between two clips. */
function rest(seconds, signal) {
  find("place").textContent = `pause, ${seconds} s`;
  return new Promise((resolve) => {
    const ending = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => (clearTimeout(ending), resolve()), { once: true });
  });
}

/** Plays ids of clips and pauses, one after the other; a clip that is missing is passed over, and said. */
async function walk(steps, pace, signal) {
  const clips = steps.filter((step) => !isPause(step));
  let number = 0;
  for (const step of steps) {
    if (signal.aborted) {
      return;
    }
    if (isPause(step)) {
      await rest(Number(step), signal);
      continue;
    }
    number += 1;
    const link = linkOf(step, pace);
    if (link) {
      await hear(link, signal, `${number} of ${clips.length}`);
    } else {
      say(`${step} has no clip, and was passed over.`);
    }
  }
}

function isPause(step) {
  return /^\d+$/.test(step);
}

function linkOf(id, pace) {
  const row = find(`row-${id}`);
  return row?.querySelector(`.play[data-pace="${pace}"]`) ?? row?.querySelector(".play");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.play");
  const button = event.target.closest("button.walks");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    start(link, (signal) => hear(link, signal, link.textContent));
  } else if (button) {
    start(button, (signal) => walk(button.dataset.steps.split(" "), button.dataset.pace, signal));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    stop();
  } else if (event.key === " " && event.target.matches?.("a.play")) {
    event.preventDefault();
    event.target.click();
  }
});

stopButton.addEventListener("click", stop);

// --- What was measured ----------------------------------------------------------------------------------------------

async function measure(part) {
  let response;
  try {
    response = await fetch(part.dataset.measures);
  } catch {
    say(UNREACHABLE);
    return;
  }
  if (response.redirected || !response.ok) {
    say(response.redirected ? SIGNED_OUT : `The line answered with an error (${response.status}); its log says why.`);
    return;
  }
  for (const [id, found] of Object.entries(await response.json())) {
    fill(find(`row-${id}`), found);
  }
}

function fill(row, found) {
  const loudness = row.querySelector(".loudness");
  if (!loudness) {
    return;
  }
  loudness.textContent = found.fault ?? found.loudness;
  loudness.classList.toggle("off", !found.fits);
  row.querySelector(".wave title")?.replaceChildren(found.fault ?? found.words);
  row.querySelector(".wave path")?.setAttribute("d", found.wave ?? "");
}

const watching = new IntersectionObserver(
  (seen) => {
    for (const { target } of seen.filter((one) => one.isIntersecting)) {
      watching.unobserve(target);
      measure(target);
    }
  },
  { rootMargin: AHEAD },
);
for (const part of document.querySelectorAll("[data-measures]")) {
  watching.observe(part);
}
for (const walks of document.querySelectorAll(".walk")) {
  walks.hidden = false;
}
for (const link of document.querySelectorAll("a.play")) {
  link.setAttribute("role", "button");
}
