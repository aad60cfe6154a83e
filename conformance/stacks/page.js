// The page's end of the WebSocket: takes programs one at a time, sends back what was observed.
//
// Addresses are relative: the token that the server asks for is part of the page's own path.

import {PageTracks} from "./media.js";
import {Recorder} from "./serving.js";
import {Stack} from "./stack.js";

const socket = new WebSocket(new URL("socket", location.href).href.replace(/^http/, "ws"));
const send = (message) => socket.send(JSON.stringify(message));
const recorder = new Recorder(new Stack(window), new PageTracks(), send);

function say(text) {
  document.getElementById("status").textContent = text;
}

socket.onopen = () => {
  say("Waiting for programs.");
  recorder.hello(navigator.userAgent);
};
socket.onmessage = async (event) => {
  const order = JSON.parse(event.data);
  say(`Running ${order.program.name}.`);
  await recorder.take(order);
  say("Waiting for programs.");
};
socket.onclose = () => say("The recorder's server has gone.");
