// werift: an implementation in TypeScript (npm `werift`).
//
// How it delivers, read in its source (0.25.2) and seen in experiments:
//
// * It has no operations chain: each call goes on by itself.
// * Calls that return promises are async functions. What they do, they do in microtasks; signalingState
//   changes, and its event is fired, in the middle of them. negotiationneeded is fired from
//   `setImmediate`, in a task of its own.
// * Its own events (`signalingStateChange.subscribe`) come first, then the handler that is a property,
//   then EventTarget's listeners; of `track`, the listeners come first. Before 0.24 only `track` had
//   listeners.
//
// Connections have no servers, and use neither IPv4 nor IPv6 addresses (members that only werift's
// configuration has): recordings hold no addresses. The policy `relay` would not do, without a server.

import {METHODS} from "../../methods.js";
import {Stack} from "../../stack.js";

export const packaged = "werift";

const OWN_EVENTS = {
  signalingstatechange: "signalingStateChange",
  negotiationneeded: "onNegotiationneeded",
};

/** Where the API is not the W3C's. */
const METHODS_HERE = {
  ...METHODS,
  // An async function, of which the W3C's caller would see nothing.
  close: (connection) => {
    connection.close();
  },
  // Takes a list.
  setStreams: (connection, given) => given.transceiver.sender.setStreams(given.streams || []),
};

class Werift extends Stack {
  constructor(library) {
    super(library);
    this.methods = METHODS_HERE;
    this.configuration = {iceServers: [], iceUseIpv4: false, iceUseIpv6: false};
  }

  observe(connection, event, listener) {
    const own = OWN_EVENTS[event];
    if (own) connection[own].subscribe(() => listener({}));
    else connection.addEventListener(event, listener);
  }

  /** createOffer() knows no option but iceRestart. */
  lacks(item) {
    const {offerToReceiveAudio, offerToReceiveVideo} = (item.args && item.args.options) || {};
    const legacy = offerToReceiveAudio !== undefined || offerToReceiveVideo !== undefined;
    return [...super.lacks(item), ...(legacy ? ["createOffer with offerToReceive"] : [])];
  }

  listen(connection, {event, via}, handler) {
    if (via === "listener") this.observe(connection, event, handler);
    else connection[`on${event}`] = handler;
  }
}

/**
 * The certificate is made with the process's first description, and takes some turns: it is made
 * here, so that no program depends on those before it.
 */
async function makeCertificate(stack) {
  const connection = stack.connection();
  await connection.createOffer();
  await connection.close();
}

export async function make(library) {
  const stack = new Werift(library);
  await makeCertificate(stack);
  const source = {
    track: (kind) => new library.MediaStreamTrack({kind}),
    stream: () => new library.MediaStream(),
  };
  return {stack, source};
}
