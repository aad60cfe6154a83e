// The page's end of the WebSocket: takes programs one at a time, sends back what was observed.
//
// Addresses are relative: the token that the server asks for is part of the page's own path.

import {CONFIGURATION, unsupported} from "./features.js";
import {Media} from "./media.js";
import {run} from "./recorder.js";

const CONNECTIONS_BETWEEN_COLLECTIONS = 60;

const socket = new WebSocket(new URL("socket", location.href).href.replace(/^http/, "ws"));
const media = new Media();
let connections = 0;

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

/** Peer connections count against the browser's limit until they are collected. */
function collectGarbage(made) {
  connections += made;
  if (connections < CONNECTIONS_BETWEEN_COLLECTIONS || typeof gc !== "function") return;
  gc();
  connections = 0;
}

async function runAndTell({program, options}) {
  const missing = unsupported(program);
  if (missing.length > 0) {
    send({kind: "unsupported", what: missing});
    return;
  }
  say(`Running ${program.name}.`);
  media.begin(program);
  try {
    send({kind: "began", streams: media.streamNames()});
    const made = await run(program, {media, send, options});
    collectGarbage(made);
    send({kind: "ended"});
  } finally {
    media.end();
  }
}

socket.onopen = () => {
  say("Waiting for programs.");
  const hello = {agent: navigator.userAgent, configuration: CONFIGURATION};
  send({kind: "hello", resolution: clockResolution(), ...hello});
};
socket.onmessage = async (event) => {
  try {
    await runAndTell(JSON.parse(event.data));
  } catch (error) {
    send({kind: "failed", error: `${error.name}: ${error.message}\n${error.stack}`});
  }
  say("Waiting for programs.");
};
socket.onclose = () => say("The recorder's server has gone.");
