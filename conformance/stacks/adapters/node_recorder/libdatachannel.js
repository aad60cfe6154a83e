// libdatachannel, in C++, through its bindings for Node (npm `node-datachannel`).
//
// The bindings have two faces. This is the native one (`PeerConnection`), which hands each call to the
// method of that name in C++. The other one, `node-datachannel/polyfill`, is written in JavaScript on
// top of it, and invents what libdatachannel has not: transceivers, promises, created descriptions,
// the signaling state "closed". What it does says nothing of libdatachannel.
//
// How libdatachannel works, read in its source (0.24.5) and seen in experiments:
//
// * A call does its work before it returns, and is its own settlement: what throws is a rejection
//   where the W3C's method promises something. There is no operations chain. So the `return` of such a
//   call has no state, and every promise of a program is awaited.
// * A change of the signaling state is told later: by a thread of the library, through the loop. What
//   can be read in the callback is the state of then, which may have changed again. The recorder lets
//   callbacks arrive before each step, so that recordings repeat themselves; within a step an event comes
//   after the script (profile `late-callbacks`).
// * Negotiation is automatic by default: a data channel offers, a remote offer is answered, within the
//   call. `disableAutoNegotiation` leaves it to the application, as the W3C does.
// * What the W3C calls a transceiver is a Track, which is made of a media description with a mid that the
//   application chooses: `addTransceiver` is `addTrack(new Audio(mid, direction))`, with an SSRC where
//   it sends in a stream (that is where an msid comes from). There is no list of them, and a remote
//   description makes new ones unless it has a mid that is known.
//
// What it has not is unsupported, and said here:
//
// * MediaStreamTracks (and the m-sections that wait for one: addTrack), several streams of one track;
//   removeTrack, replaceTrack, setStreams, setParameters;
// * createOffer, createAnswer, and a text in setLocalDescription: "This function expects the optional
//   type for the local description and not an SDP description" (DOC.md);
// * the setter of the direction, stop (a Track is closed, which ends it at once), restartIce,
//   setConfiguration;
// * the events negotiationneeded (C++ has `negotiationNeeded()`, which Node has not) and track (onTrack
//   tells a Track, and neither streams nor a transceiver);
// * candidates without a mid, with a username fragment, or empty: it ends a gathering by
//   `a=end-of-candidates` in a description.
//
// It has no signaling state "closed": none is recorded after close(), where the bindings say "stable"
// whatever it was. Nothing is gathered, so that no socket is ever opened.

import {Stack} from "../../stack.js";
import {pause} from "../../settling.js";

export const packaged = "node-datachannel";

const LONGEST_WAIT = 1000; // ms for a callback that may never come
const CONFIGURATION = {
  iceServers: [],
  iceTransportPolicy: "relay",
  disableAutoNegotiation: true,
  disableAutoGathering: true,
};
const DIRECTIONS = {
  sendrecv: "SendRecv",
  sendonly: "SendOnly",
  recvonly: "RecvOnly",
  inactive: "Inactive",
};
const EVENTS = ["signalingstatechange", "message"];

const open = new Set(); // connections
let made = 0; // media descriptions, since no connection was open

/** A native connection with the names that the recorder asks for. */
class Connection {
  constructor(library) {
    if (open.size === 0) made = 0;
    open.add(this);
    this.library = library;
    this.native = new library.PeerConnection("recorder", CONFIGURATION);
    this.closed = false;
    this.tracks = [];
    this.currentLocalDescription = this.currentRemoteDescription = null;
    this.listeners = [];
    this.told = this.native.signalingState();
    this.native.onSignalingStateChange((state) => {
      this.told = state;
      for (const listener of this.listeners) listener({});
    });
  }

  get signalingState() {
    return this.closed ? undefined : this.native.signalingState();
  }

  get localDescription() {
    return this.native.localDescription();
  }

  get remoteDescription() {
    return this.native.remoteDescription();
  }

  /** What there was in stable: for texts that a program invents (`fit`), and never recorded. */
  keepCurrent() {
    if (this.signalingState !== "stable") return;
    this.currentLocalDescription = this.localDescription;
    this.currentRemoteDescription = this.remoteDescription;
  }

  getTransceivers() {
    return [];
  }

  close() {
    this.closed = true;
    open.delete(this);
    this.native.close();
  }

  /** Whether all callbacks of changes have arrived, as far as that can be known. */
  get isTold() {
    return this.closed || this.told === this.native.signalingState();
  }
}

/** The mid is no other connection's: else a remote description would be about this Track. */
function addTransceiver(connection, {kind, direction = "sendrecv", streams = []}) {
  made += 1;
  const {Audio, Video} = connection.library;
  const isVideo = kind === "video";
  const media = new (isVideo ? Video : Audio)(`m${made}`, DIRECTIONS[direction]);
  const isSending = direction.startsWith("send");
  if (isVideo) media.addVP8Codec(96);
  else media.addOpusCodec(111);
  if (isSending) for (const {id} of streams) media.addSSRC(made, "cname", id, `track-${made}`);
  connection.tracks.push(connection.native.addTrack(media)); // a Track that is collected is closed
}

function createDataChannel(connection, {label, init}) {
  return connection.native.createDataChannel(label, ...(init ? [init] : []));
}

async function setLocalDescription(connection, {description = {}}) {
  connection.native.setLocalDescription(...(description.type ? [description.type] : []));
  connection.keepCurrent();
}

async function setRemoteDescription(connection, {description}) {
  connection.native.setRemoteDescription(description.sdp || "", description.type);
  connection.keepCurrent();
}

async function addIceCandidate(connection, {candidate}) {
  connection.native.addRemoteCandidate(candidate.candidate, candidate.sdpMid);
}

const METHODS = {
  addTransceiver,
  createDataChannel,
  setLocalDescription,
  setRemoteDescription,
  addIceCandidate,
  close: (connection) => connection.close(),
};

const LACKING = {
  addTransceiver({args = {}}) {
    if ("track" in args) return ["addTransceiver with a track"];
    if ((args.streams || []).length > 1) return ["a track in several streams"];
    if (!["audio", "video"].includes(args.kind)) return [`the kind ${args.kind}`];
    const isKnown = args.direction === undefined || args.direction in DIRECTIONS;
    return isKnown ? [] : [`the direction ${args.direction}`];
  },
  setLocalDescription({description = {}}) {
    const texts = ["sdp", "sections", "result", "of", "message"];
    const named = texts.some((name) => (description || {})[name]);
    return named ? ["setLocalDescription with a text"] : [];
  },
  addIceCandidate({args = {}}) {
    const {candidate, sdpMid, usernameFragment} = args.candidate || {};
    if (!candidate) return ["the end of candidates"];
    if (typeof sdpMid !== "string") return ["a candidate without a mid"];
    return usernameFragment === undefined ? [] : ["a candidate with a username fragment"];
  },
};

class LibDataChannel extends Stack {
  constructor(library) {
    super(library);
    this.methods = METHODS;
    this.configuration = {iceServers: [], iceTransportPolicy: "relay"};
    this.blocks = true;
    this.knowsTasks = false;
  }

  connection() {
    return new Connection(this.interfaces);
  }

  /** Other events never come. */
  observe(connection, event, listener) {
    if (event === "signalingstatechange") connection.listeners.push(listener);
  }

  listen(connection, {event}, handler) {
    this.observe(connection, event, handler);
  }

  lacks(item) {
    if (item.event && !EVENTS.includes(item.event)) return [`the event ${item.event}`];
    if (!item.call) return super.lacks({collect: item.collect});
    if (!Object.hasOwn(METHODS, item.call)) return [item.call];
    return item.call in LACKING ? LACKING[item.call](item) : [];
  }

  /** The signaling state is all that can be read. */
  seen({signalingState}) {
    return {signalingState};
  }

  /** An offer, as far as its callback: by way of the library's threads. */
  answers(connection) {
    return new Promise((resolve) => {
      connection.native.onLocalDescription(resolve);
      connection.native.createDataChannel("canary");
      connection.native.setLocalDescription();
    });
  }

  async arrived(connections) {
    const end = performance.now() + LONGEST_WAIT;
    while (!connections.every((each) => each.isTold) && performance.now() < end) await pause(1);
  }
}

export async function make(library) {
  let streams = 0;
  const stream = () => {
    streams += 1;
    return {id: `stream-${streams}`};
  };
  const source = {track: () => ({stop: () => null}), stream};
  return {stack: new LibDataChannel(library), source};
}
