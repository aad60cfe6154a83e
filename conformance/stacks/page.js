// The page's end of the WebSocket: takes programs one at a time, sends back what was observed.
//
// Addresses are relative: the token that the server asks for is part of the page's own path.

import {configurationFor, featuresLacked} from "./features.js";
import {PageTracks} from "./media.js";
import {Recorder} from "./serving.js";
import {Stack} from "./stack.js";

const WAIT_TO_OPEN_AGAIN = 500; // ms

/** A browser, of whatever age: what it has not is looked for. */
class Browser extends Stack {
  constructor(interfaces) {
    super(interfaces);
    this.configuration = configurationFor(interfaces);
  }

  lacks(item) {
    return [...super.lacks(item), ...featuresLacked(item, this.interfaces)];
  }
}

const socket = new WebSocket(new URL("socket", location.href).href.replace(/^http/, "ws"));
const send = (message) => socket.send(JSON.stringify(message));
const recorder = new Recorder(new Browser(window), new PageTracks(), send);

function say(text) {
  document.getElementById("status").textContent = text;
}

socket.onopen = () => {
  say("Waiting for programs.");
  recorder.hello(navigator.userAgent);
};
socket.onmessage = async (event) => {
  const told = JSON.parse(event.data);
  if (told.program) say(`Running ${told.program.name}.`);
  await recorder.take(told);
  if (told.program) say("Waiting for programs.");
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
