// The page's end of the WebSocket: takes programs one at a time, sends back what was observed.
//
// Addresses are relative: the token that the server asks for is part of the page's own path.

import {Media} from "./media.js";
import {run, unsupported} from "./recorder.js";

const CONNECTIONS_BETWEEN_COLLECTIONS = 60;
const WAIT_TO_OPEN_AGAIN = 500; // ms

const socket = new WebSocket(new URL("socket", location.href).href.replace(/^http/, "ws"));
const media = new Media();
let connections = 0;
let commands = null;

function send(message) {
  socket.send(JSON.stringify(message));
}

function say(text) {
  document.getElementById("status").textContent = text;
}

/** The smallest step that the clock was seen to make, in milliseconds. */
function clockResolution() {
  let smallest = Infinity;
  for (let i = 0; i < 20; i += 1) {
    const before = performance.now();
    let after = before;
    while (after === before) after = performance.now();
    smallest = Math.min(smallest, after - before);
  }
  return Math.round(smallest * 1e6) / 1e6;
}

/** What is told within a conducted program, in its order. */
class Commands {
  constructor() {
    this.told = [];
    this.waiting = null;
  }

  add(command) {
    this.told.push(command);
    if (this.waiting) this.waiting();
  }

  async next() {
    while (this.told.length === 0) {
      await new Promise((resolve) => { this.waiting = resolve; });
    }
    return this.told.shift();
  }
}

/** Peer connections count against the browser's limit until they are collected. */
function collectGarbage(made) {
  connections += made;
  if (connections < CONNECTIONS_BETWEEN_COLLECTIONS || typeof gc !== "function") return;
  gc();
  connections = 0;
}

async function runAndTell({program, options, conducted}) {
  const missing = unsupported(program);
  if (missing.length > 0) {
    send({kind: "unsupported", what: missing});
    return;
  }
  say(`Running ${program.name}.`);
  commands = conducted ? new Commands() : null;
  media.begin(program);
  try {
    send({kind: "began", streams: media.streamNames()});
    const made = await run(program, {media, send, options, commands});
    collectGarbage(made);
    send({kind: "ended"});
  } finally {
    media.end();
    commands = null;
  }
}

socket.onopen = () => {
  say("Waiting for programs.");
  send({kind: "hello", agent: navigator.userAgent, resolution: clockResolution()});
};
socket.onmessage = async (event) => {
  const told = JSON.parse(event.data);
  if (!told.program && commands) {
    commands.add(told);
    return;
  }
  try {
    await runAndTell(told);
  } catch (error) {
    send({kind: "failed", error: `${error.name}: ${error.message}\n${error.stack}`});
  }
  say("Waiting for programs.");
};
/** A program that was given up closes the socket. The next one needs a page without its remains. */
async function openAgain() {
  say("The recorder's server has gone. Waiting for it to come back.");
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, WAIT_TO_OPEN_AGAIN); });
    const answer = await fetch("page.html").catch(() => null);
    if (answer && answer.ok) location.reload();
  }
}

socket.onclose = openAgain;
