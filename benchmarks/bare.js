// The bare script of a page, and of a library in Node: makes the calls of a program, and observes
// nothing.
//
// It takes the place of serving.js and recorder.js. How a stack is begun and a call is made
// (stack.js, methods.js, what page.js and the modules of node_recorder say of theirs), the media, the
// edits and the waits for quiet (settling.js) are the recorder's, and so is the way that an order
// comes here; nothing else is. What it keeps is what an application keeps: the objects that it was
// given, and whether a promise is pending. Of events it notes the time: waits begin after the last.

import {NoSuchSection, edited, withMidsOf, withRole} from "./edits.js";
import {Media} from "./media.js";
import {inNewTask, measure, pause, settle} from "./settling.js";

const EVENTS = ["signalingstatechange", "negotiationneeded", "track"];
const CONNECTIONS_BETWEEN_COLLECTIONS = 60; // as serving.js

class Missing extends Error {}

function found(value) {
  if (value === undefined || value === null) throw new Missing();
  return value;
}

function readable(read) {
  try {
    return read();
  } catch (error) {
    return null;
  }
}

/** A running program. `last` tells when something was last done or told, for the waits. */
class Run {
  constructor(program, stack, media, options) {
    this.stack = stack;
    this.media = media;
    this.options = options;
    this.results = new Map();
    this.messages = new Map();
    this.sent = [];
    this.connections = program.peers.length;
    this.count = 0;
    this.last = performance.now();
    this.waited = 0;
    this.made = {calls: 0, thrown: 0, fulfilled: 0, rejected: 0};
    this.over = false;
    this.namesTransceivers = JSON.stringify(program).includes('"transceiver":');
    this.peers = new Map(program.peers.map((name) => [name, new Peer(this)]));
  }

  did(what) {
    this.made[what] += 1;
    this.count += 1;
    this.last = performance.now();
  }

  happened() {
    this.last = performance.now();
  }

  shouldSettle() {
    return [...this.peers.values()].some((peer) => !peer.closed && peer.pending > 0);
  }

  /** All since the last thing that was done or told was a wait. */
  waitIsOver() {
    this.waited += performance.now() - this.last;
    this.last = performance.now();
  }

  end() {
    this.over = true;
    for (const peer of this.peers.values()) peer.connection.close();
  }
}

class Peer {
  constructor(run) {
    this.run = run;
    this.transceivers = new Set();
    this.pending = 0;
    this.flags = new Set();
    this.sent = 0;
    this.delivered = 0;
    this.onmessage = null;
    this.connection = run.stack.connection();
    for (const name of EVENTS) run.stack.observe(this.connection, name, () => run.happened());
  }

  get closed() {
    return this.connection.signalingState === "closed";
  }

  /** Keeps the transceivers in the order of first sight, where the program names any. */
  keepTransceivers() {
    if (!this.run.namesTransceivers) return;
    for (const each of this.connection.getTransceivers()) this.transceivers.add(each);
  }

  transceiver(name) {
    this.keepTransceivers();
    return found([...this.transceivers][Number(name.slice(1)) - 1]);
  }

  follow(item, promise) {
    this.pending += 1;
    promise.then(
      (value) => {
        this.pending -= 1;
        if (item.as) this.run.results.set(item.as, value);
        if (item.call === "createOffer") this.lastOffer = value;
        if (item.call === "createAnswer") this.lastAnswer = value;
        this.run.did("fulfilled");
        this.keepTransceivers();
      },
      () => {
        this.pending -= 1;
        this.run.did("rejected");
        this.keepTransceivers();
      },
    );
  }
}

function describe(peer, source, script) {
  const origin = originOf(peer.run, source, script);
  const made = {};
  const type = source.type || origin.type;
  if (type) made.type = type;
  if (typeof origin.sdp !== "string") return made;
  made.sdp = edited(fitted(peer.connection, source, origin.sdp), source.edits);
  return made;
}

function fitted(connection, source, text) {
  if (!source.fit) return text;
  const isAnswer = source.type === "answer" || source.type === "pranswer";
  const sdpOf = (name) => readable(() => connection[name].sdp) || "";
  const known = sdpOf(isAnswer ? "localDescription" : "currentRemoteDescription");
  const fitting = withMidsOf(text, known, source.fit);
  if (!isAnswer) return fitting;
  return withRole(fitting, sdpOf("currentRemoteDescription"), sdpOf("currentLocalDescription"));
}

function originOf(run, source, script) {
  if (source.result) return found(run.results.get(source.result));
  if (source.message) {
    const name = source.message === "*" ? script.message : source.message;
    return found(found(run.messages.get(name)).description);
  }
  if (source.of) {
    const [name, attribute] = source.of;
    const peer = found(run.peers.get(name));
    const kept = attribute.startsWith("last") ? peer : peer.connection;
    return found(readable(() => kept[attribute]));
  }
  return typeof source.sdp === "string" ? {sdp: source.sdp} : {};
}

function given(peer, item, script) {
  const {media} = peer.run;
  const values = {...(item.args || {})};
  if (values.transceiver) values.transceiver = peer.transceiver(values.transceiver);
  if (values.track) values.track = found(media.track(values.track));
  if (values.streams) values.streams = values.streams.map((name) => media.stream(name));
  if (item.description) values.description = describe(peer, item.description, script);
  return values;
}

function call(peer, item, script) {
  const values = given(peer, item, script);
  let value = null;
  peer.run.did("calls");
  try {
    value = peer.run.stack.methods[item.call](peer.connection, values);
  } catch (error) {
    peer.run.did("thrown");
  }
  peer.run.last = performance.now();
  peer.keepTransceivers();
  if (!value || typeof value.then !== "function") return null;
  peer.follow(item, value);
  return value;
}

function send(peer, item, script) {
  const description = item.description ? describe(peer, item.description, script) : null;
  peer.sent += 1;
  const message = item.send.replace("*", String(peer.sent));
  peer.run.messages.set(message, {description});
  peer.run.sent.push({by: peer, message});
}

function deliver(peer) {
  const others = peer.run.sent.filter(({by}) => by !== peer);
  if (peer.delivered >= others.length) throw new Missing();
  peer.delivered += 1;
  if (peer.onmessage) peer.onmessage(others[peer.delivered - 1].message);
}

function holds(peer, script, condition) {
  if (condition.startsWith("!")) return !holds(peer, script, condition.slice(1));
  const [what, value] = condition.split(":");
  if (value === undefined) return peer.flags.has(condition);
  if (what === "state") return peer.connection.signalingState === value;
  if (what !== "type") return script.rejected;
  const {description} = peer.run.messages.get(script.message) || {};
  return Boolean(description) && description.type === value;
}

function setFlag(peer, script, {set: flag, to}) {
  const every = (conditions) => conditions.every((each) => holds(peer, script, each));
  if ((to || [[]]).some(every)) peer.flags.add(flag);
  else peer.flags.delete(flag);
}

function perform(peer, item, script) {
  try {
    if (item.set) setFlag(peer, script, item);
    if (item.send) send(peer, item, script);
    if (item.deliver) deliver(peer);
    return item.call ? call(peer, item, script) : null;
  } catch (error) {
    if (!(error instanceof Missing || error instanceof NoSuchSection)) throw error;
    return null;
  }
}

async function script(peer, list, {message = null, progress = {abandoned: false}} = {}) {
  const running = {message, rejected: false};
  for (const item of list) {
    if (peer.run.over || progress.abandoned) return;
    const does = (item.when || []).every((each) => holds(peer, running, each));
    if (does && item.end) return;
    const promise = does ? perform(peer, item, running) : null;
    if (!promise || !(item.wait || peer.run.stack.blocks)) continue;
    let rejected = false;
    try {
      await promise;
    } catch (error) {
      rejected = true;
    }
    if (item.wait) running.rejected = rejected;
  }
}

/** Waits until an awaited promise can no longer be expected to settle, as the recorder does. */
async function hopeless(peer, progress) {
  const {run} = peer;
  const end = performance.now() + run.options.patience;
  while (!progress.over && performance.now() < end) {
    if (!peer.closed) await pause(5);
    else if ((await measure(run, run.options)).enough) break;
  }
}

async function step(run, {peer: name, do: list}) {
  const peer = run.peers.get(name);
  const progress = {over: false, abandoned: false};
  await run.stack.arrived([...run.peers.values()].map(({connection}) => connection));
  const ended = await inNewTask(() => ({script: script(peer, list || [], {progress})}));
  const done = ended.script.then(() => {
    progress.over = true;
  });
  await Promise.race([done, hopeless(peer, progress)]);
  if (progress.over) return;
  progress.abandoned = true;
  run.waitIsOver();
}

async function settleStep(run) {
  await settle(run, run.options);
  run.waitIsOver();
}

function handle(run, handler) {
  const peer = run.peers.get(handler.peer);
  let left = handler.times === undefined ? 1 : handler.times;
  const react = (message) => {
    if (run.over || left <= 0) return;
    left -= 1;
    script(peer, handler.do, {message});
  };
  if (handler.event === "message") peer.onmessage = react;
  else run.stack.listen(peer.connection, handler, () => react(null));
}

/** Does programs on a stack, one after the other, for whoever expects a recorder (serving.js). */
export class Recorder {
  constructor(stack, source, send) {
    this.stack = stack;
    this.media = new Media(source);
    this.send = send;
    this.connections = 0;
  }

  hello(agent) {
    this.send({agent});
  }

  /** Does a program; tells what was done, and how long it took but for the waits. */
  async take({program, options}) {
    try {
      this.send(await this.done(program, options));
    } catch (error) {
      this.send({failed: `${error.name}: ${error.message}\n${error.stack}`});
    }
  }

  async done(program, options) {
    const began = performance.now();
    this.media.begin(program);
    const run = new Run(program, this.stack, this.media, options);
    for (const handler of program.handlers || []) handle(run, handler);
    for (const each of program.steps) {
      await (each.settle ? settleStep(run) : step(run, each));
    }
    run.end();
    this.collectGarbage(run.connections);
    this.media.end();
    return {...run.made, seconds: (performance.now() - began - run.waited) / 1000};
  }

  collectGarbage(made) {
    this.connections += made;
    if (this.connections < CONNECTIONS_BETWEEN_COLLECTIONS || typeof gc !== "function") return;
    gc();
    this.connections = 0;
  }
}
