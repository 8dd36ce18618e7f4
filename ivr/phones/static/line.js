/** The way to the line: one request at a time, and every failure in words that a person can act on. */

const SECONDS = 20;
const ENDED = "This call has ended. Call again.";
const UNREACHABLE = "The line cannot be reached. Is it still running? Your call is kept: try again.";
const SIGNED_OUT = "You have been signed out. Reload this page to sign in, then call again.";

/** Why the line did not answer. `final`: asking again will not help. */
export class LineFault extends Error {
  constructor(words, final = false) {
    super(words);
    this.final = final;
  }
}

/**
 * Makes the way to the line.
 * @param {string} home the address of the web phone
 * @returns {(path: string, fields: object) => Promise<object>}
 */
export function wayToLine(home) {
  let last = Promise.resolve();
  return (path, fields) => {
    const answer = last.then(() => post(`${home}/${path}`, fields));
    last = answer.catch(() => {});
    return answer;
  };
}

async function post(address, fields) {
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
    signal: AbortSignal.timeout(SECONDS * 1000),
  };
  let response;
  try {
    response = await fetch(address, request);
  } catch {
    throw new LineFault(UNREACHABLE);
  }
  return read(response);
}

async function read(response) {
  if (response.redirected) {
    throw new LineFault(SIGNED_OUT, true);
  }
  if (response.status === 409) {
    throw new LineFault(ENDED, true);
  }
  if (!response.ok) {
    throw new LineFault(`The line answered with an error (${response.status}). Try again; its log says why.`);
  }
  try {
    return await response.json();
  } catch {
    throw new LineFault(UNREACHABLE);
  }
}
