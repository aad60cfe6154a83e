// Runs one program on fresh peer connections and sends everything that is observed.
//
// What is observed must not be changed by observing: the recorder's listeners and reactions are the
// first ones registered, they only read, and they never await. Everything that is recorded is
// recorded synchronously, where it happened.

import {NoSuchSection, edited, withMidsOf, withRole} from "./edits.js";
import {inNewTask, measure, pause, settle} from "./settling.js";

const EVENTS = ["signalingstatechange", "negotiationneeded", "track"];

/** A script's call cannot be made, because what it refers to does not exist here. */
class Missing extends Error {}

function found(value, what) {
  if (value === undefined || value === null) throw new Missing(what);
  return value;
}

function typeOf(description) {
  return description ? description.type : null;
}

function textOf(description) {
  return description ? {type: description.type, sdp: description.sdp} : null;
}

/** What can be read, or null: Firefox's descriptions throw once the connection is closed. */
function readable(read) {
  try {
    return read();
  } catch (error) {
    return null;
  }
}

/** Where the work is done now: `task` while in a task of the runner's, `within` while in a handler. */
class Place {
  constructor() {
    this.task = null;
    this.within = null;
    this.tasks = 0;
  }

  during(task, within, body) {
    const before = [this.task, this.within];
    [this.task, this.within] = [task, within];
    try {
      return body();
    } finally {
      [this.task, this.within] = before;
    }
  }

  newTask(body) {
    this.tasks += 1;
    return this.during(this.tasks, null, body);
  }
}

/** The names of the transceivers that a program's calls at a peer refer to. */
function transceiversNamed({steps, handlers}, peer) {
  const lists = [...steps, ...(handlers || [])].filter((each) => each.peer === peer);
  const items = [].concat(...lists.map((each) => each.do || []));
  return new Set(items.map(({args}) => args && args.transceiver).filter(Boolean));
}

/** What all peers of a running program share. */
class Run {
  constructor(program, {stack, media, send, options}) {
    this.stack = stack;
    this.media = media;
    this.send = send;
    this.options = options;
    this.place = new Place();
    this.results = new Map();
    this.messages = new Map();
    this.sent = [];
    this.count = 0;
    this.calls = 0;
    this.connections = program.peers.length;
    this.start = performance.now();
    this.last = this.start;
    this.over = false;
    this.peers = new Map(program.peers.map((name) => {
      return [name, new Peer(this, name, transceiversNamed(program, name))];
    }));
  }

  observed(observation) {
    this.count += 1;
    this.last = performance.now();
    const t = Math.round((this.last - this.start) * 1000) / 1000;
    const place = this.stack.knowsTasks ? {} : {task: undefined, within: undefined};
    this.send({n: this.count, t, ...observation, ...place});
  }

  /** Whether a promise is pending that should not be: those of closed connections may be. */
  shouldSettle() {
    return [...this.peers.values()].some((peer) => !peer.closed && peer.pending.size > 0);
  }

  end() {
    this.over = true;
    for (const {connection} of this.peers.values()) if (connection) connection.close();
  }
}

/** The same object for as long as something else holds it, where the engine can tell. */
function weakly(object) {
  return typeof WeakRef === "function" ? new WeakRef(object) : {deref: () => object};
}

/** The names of objects, in the order of first sight; they are held until they are let go. */
class Names {
  constructor() {
    this.known = new WeakMap();
    this.held = [];
  }

  of(object) {
    if (!this.known.has(object)) {
      this.held.push({deref: () => object});
      this.known.set(object, `t${this.held.length}`);
    }
    return this.known.get(object);
  }

  /** The object of that name, undefined if there is none, or none any more. */
  named(name) {
    const held = this.held[Number(name.slice(1)) - 1];
    return held && held.deref();
  }

  /** Holds those objects only that go by these names; others are known for as long as they live. */
  letGo(needed) {
    this.held = this.held.map((held, index) => {
      const object = held.deref();
      if (object === undefined || needed.has(`t${index + 1}`)) return held;
      return weakly(object);
    });
  }
}

/** One peer connection, and the names of what it has. */
class Peer {
  constructor(run, name, needed) {
    this.run = run;
    this.name = name;
    this.names = new Names();
    this.needed = needed;
    this.pending = new Set();
    this.flags = new Set();
    this.sent = 0;
    this.delivered = 0;
    this.onmessage = null;
    this.lastOffer = null;
    this.lastAnswer = null;
    this.scripts = 0; // that run, or await something: an application's hold the connection
    this.held = run.stack.connection();
    this.weak = weakly(this.held);
    for (const name of EVENTS) {
      run.stack.observe(this.held, name, (event) => this.happened(name, event));
    }
  }

  /** The connection; undefined once it was let go and is no more. */
  get connection() {
    return this.held || this.weak.deref();
  }

  /** Whether nothing is to be expected of the connection. */
  get closed() {
    const {connection} = this;
    return !connection || connection.signalingState === "closed";
  }

  /** Lets go of the transceivers that the program does not name, as an application would have. */
  letTransceiversGo() {
    this.names.letGo(this.needed);
  }

  /** Holds the connection no longer, and nothing that does; a handler's script takes it up again. */
  letGo() {
    if (this.scripts > 1) return;
    this.names.letGo(new Set());
    this.held = null;
  }

  /** Transceivers are named at first sight, in the order of getTransceivers(). */
  scan() {
    const {connection} = this;
    const transceivers = connection ? connection.getTransceivers() : [];
    transceivers.forEach((transceiver) => this.nameOf(transceiver));
    return transceivers;
  }

  nameOf(transceiver) {
    return this.names.of(transceiver);
  }

  transceiver(name) {
    if (!this.names.named(name)) this.scan();
    return found(this.names.named(name), `there is no transceiver ${name}`);
  }

  /** What can be read; of a connection that is no more, nothing. */
  reading() {
    const {connection} = this;
    if (!connection) return undefined;
    return this.run.stack.seen({
      signalingState: connection.signalingState,
      transceivers: this.scan().map((transceiver) => ({
        id: this.nameOf(transceiver),
        kind: transceiver.receiver.track.kind,
        direction: transceiver.direction,
        mid: transceiver.mid,
        currentDirection: transceiver.currentDirection,
      })),
      descriptions: readable(() => ({
        currentLocal: typeOf(connection.currentLocalDescription),
        currentRemote: typeOf(connection.currentRemoteDescription),
        pendingLocal: typeOf(connection.pendingLocalDescription),
        pendingRemote: typeOf(connection.pendingRemoteDescription),
      })),
    });
  }

  /** Records something that is done, at the place where it is done: a call, a message, a remark. */
  did(kind, fields) {
    if (this.run.over) return;
    this.scan();
    const {task, within} = this.run.place;
    this.run.observed({kind, peer: this.name, task, within, ...fields});
  }

  /** Records something that is seen, with what can be read at this moment. */
  saw(kind, fields, {task, within} = this.run.place) {
    if (this.run.over) return;
    const state = this.reading();
    this.run.observed({kind, peer: this.name, task, within, state, ...fields});
  }

  happened(name, event) {
    const fields = {name, bubbles: event.bubbles, cancelable: event.cancelable};
    if (name === "track") {
      this.scan();
      fields.transceiver = this.nameOf(event.transceiver);
      fields.streams = event.streams.map((stream) => this.run.media.nameOfStream(stream));
    }
    this.saw("event", fields, {task: null, within: this.run.place.within});
  }

  /** Follows a call's promise with the first reaction to it. */
  follow(call, item, promise) {
    this.pending.add(call);
    promise.then(
      (value) => {
        this.pending.delete(call);
        if (item.as) this.run.results.set(item.as, value);
        this.saw("resolve", {call, description: this.resolvedWith(item.call, value)});
      },
      (error) => {
        this.pending.delete(call);
        this.saw("reject", {call, ...failure(error)});
      },
    );
  }

  resolvedWith(method, value) {
    if (method === "setLocalDescription") {
      return readable(() => textOf(this.connection.localDescription));
    }
    if (method === "createOffer") this.lastOffer = textOf(value);
    else if (method === "createAnswer") this.lastAnswer = textOf(value);
    else return null;
    return textOf(value);
  }

  /** The transceiver that a call made or took into use, by name. */
  valueOf(method, value) {
    if (!value || (method !== "addTransceiver" && method !== "addTrack")) return null;
    const transceivers = this.scan();
    if (method === "addTransceiver") return this.nameOf(value);
    const transceiver = transceivers.find((each) => each.sender === value);
    return transceiver ? this.nameOf(transceiver) : null;
  }
}

function failure(error) {
  const name = error && error.name ? String(error.name) : String(error);
  return {error: name, message: error && error.message ? String(error.message) : null};
}

/** The description that a source means: {type, sdp}, each only if there is one. */
function describe(peer, source, script) {
  const origin = originOf(peer.run, source, script);
  const made = {};
  const type = source.type || origin.type;
  if (type) made.type = type;
  if (typeof origin.sdp !== "string") return made;
  const fitting = fitted(peer.connection, source, origin.sdp);
  made.sdp = edited(fitting, source.edits);
  return made;
}

/** An invented text with the mids and the role that there are; see `DescriptionSource`. */
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
  if (source.result) {
    return found(run.results.get(source.result), `nothing resolved as ${source.result}`);
  }
  if (source.message) {
    const name = source.message === "*" ? script.message : source.message;
    const message = found(run.messages.get(name), `${source.message} was never sent`);
    return found(message.description, `${source.message} has no description`);
  }
  if (source.of) {
    const [name, attribute] = source.of;
    const peer = found(run.peers.get(name), `there is no peer ${name}`);
    const kept = attribute.startsWith("last") ? peer : peer.connection;
    return found(readable(() => kept[attribute]), `${name} has no ${attribute}`);
  }
  return typeof source.sdp === "string" ? {sdp: source.sdp} : {};
}

/** The arguments as objects, for the call itself. */
function given(peer, item, script) {
  const {run} = peer;
  const values = {...(item.args || {})};
  if (values.transceiver) values.transceiver = peer.transceiver(values.transceiver);
  if (values.track) values.track = found(run.media.track(values.track), "there is no such track");
  if (values.streams) values.streams = values.streams.map((name) => run.media.stream(name));
  if (item.description) values.description = describe(peer, item.description, script);
  return values;
}

/** Makes one call and records it; gives the promise that it returned, if it did. */
function call(peer, item, script) {
  found(peer.connection, "the connection is no more");
  const values = given(peer, item, script);
  const id = (peer.run.calls += 1);
  const args = {...(item.args || {})};
  if (values.description) args.description = values.description;
  peer.did("call", {id, method: item.call, args});
  let value;
  try {
    value = peer.run.stack.methods[item.call](peer.connection, values);
  } catch (error) {
    peer.saw("throw", {call: id, ...failure(error)});
    return null;
  }
  const promised = Boolean(value) && typeof value.then === "function";
  if (promised) peer.follow(id, item, value);
  const told = {call: id, value: peer.valueOf(item.call, value)};
  // Where the work is done already, nobody could read between the promise and its settlement.
  if (promised && peer.run.stack.blocks) peer.did("return", told);
  else peer.saw("return", told);
  return promised ? value : null;
}

function send(peer, item, script) {
  const description = item.description ? describe(peer, item.description, script) : null;
  peer.sent += 1;
  const message = item.send.replace("*", String(peer.sent));
  peer.run.messages.set(message, {description});
  peer.run.sent.push({by: peer, message});
  peer.did("send", {message, description});
}

function receive(peer, item, script) {
  const message = item.receive === "*" ? script.message : item.receive;
  found(peer.run.messages.get(message), `${item.receive} was never sent`);
  peer.did("receive", {message});
}

/** The oldest message of the others arrives: the handler runs now, as far as its first await. */
function deliver(peer) {
  const others = peer.run.sent.filter(({by}) => by !== peer);
  if (peer.delivered >= others.length) throw new Missing("no message is under way");
  peer.delivered += 1;
  if (peer.onmessage) peer.onmessage(others[peer.delivered - 1].message);
}

/** Asks for a collection, now and when the script is over: what was let go may be no more then. */
function collect(peer, {drops}) {
  peer.letTransceiversGo();
  if (drops) peer.letGo();
  peer.run.stack.collect();
  inNewTask(() => peer.run.stack.collect()).catch(peer.run.fail);
}

/** Whether a condition of an application holds now; see `Do` in the program language. */
function holds(peer, script, condition) {
  if (condition.startsWith("!")) return !holds(peer, script, condition.slice(1));
  const colon = condition.indexOf(":");
  if (colon < 0) return peer.flags.has(condition);
  const value = condition.slice(colon + 1);
  if (condition.startsWith("state:")) return peer.connection.signalingState === value;
  if (condition.startsWith("type:")) {
    const {description} = peer.run.messages.get(script.message) || {};
    return Boolean(description) && description.type === value;
  }
  return script.rejected;
}

function setFlag(peer, script, {set: flag, to}) {
  const every = (conditions) => conditions.every((each) => holds(peer, script, each));
  if ((to || [[]]).some(every)) peer.flags.add(flag);
  else peer.flags.delete(flag);
}

function nameOf(item) {
  if (item.call) return item.call;
  if (item.send) return `send ${item.send}`;
  return item.receive ? `receive ${item.receive}` : "deliver";
}

/** Does one item of a script; what cannot be done is remarked, never guessed. */
function perform(peer, item, script) {
  try {
    if (item.mark) peer.did("mark", {text: item.mark});
    if (item.set) setFlag(peer, script, item);
    if (item.send) send(peer, item, script);
    if (item.receive) receive(peer, item, script);
    if (item.deliver) deliver(peer);
    if (item.collect) collect(peer, item);
    return item.call ? call(peer, item, script) : null;
  } catch (error) {
    if (!(error instanceof Missing || error instanceof NoSuchSection)) throw error;
    peer.did("mark", {text: `skipped ${nameOf(item)}: ${error.message}`});
    return null;
  }
}

/**
 * Performs a list, synchronously as far as the first awaited promise. A rejection does not end it:
 * a program goes on whatever happens, as it says what to do and not what should happen.
 *
 * `message` is the message that was delivered to it.
 */
async function script(peer, list, told) {
  peer.held = peer.connection;
  peer.scripts += 1;
  try {
    await performAll(peer, list, told);
  } finally {
    peer.scripts -= 1;
  }
}

async function performAll(peer, list, {message = null, progress = {abandoned: false}} = {}) {
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
      rejected = true; // recorded by the call's own reaction
    }
    if (item.wait) running.rejected = rejected;
  }
}

/** Waits until the awaited promise of a script can no longer be expected to settle. */
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
  const connections = [...run.peers.values()].map(({connection}) => connection);
  await run.stack.arrived(connections.filter(Boolean));
  const ended = await inNewTask(() => ({
    script: run.place.newTask(() => script(peer, list || [], {progress})),
  }));
  const done = ended.script.then(() => {
    progress.over = true;
  });
  await Promise.race([done, hopeless(peer, progress)]);
  if (progress.over) return;
  progress.abandoned = true;
  peer.did("mark", {text: "step abandoned: an awaited promise did not settle"});
}

async function settleStep(run) {
  const {quiet, turns, canary} = await settle(run, run.options);
  for (const peer of run.peers.values()) {
    peer.saw("idle", {quiet, turns, canary, pending: [...peer.pending]});
  }
}

/** Registers a handler after the recorder's own listeners, so that the event is recorded first. */
function handle(run, handler) {
  const peer = run.peers.get(handler.peer);
  let left = handler.times === undefined ? 1 : handler.times;
  const due = () => {
    if (run.over || left <= 0) return false;
    left -= 1;
    return true;
  };
  const react = () => {
    if (!due()) return;
    run.place.during(null, handler.event, () => {
      script(peer, handler.do).catch(run.fail);
    });
  };
  const received = (message) => {
    if (due()) script(peer, handler.do, {message}).catch(run.fail);
  };
  if (handler.event === "message") peer.onmessage = received;
  else run.stack.listen(peer.connection, handler, react);
}

/** What the program needs and the stack has not. */
export function unsupported(program, stack) {
  const handlers = program.handlers || [];
  const lists = [...program.steps, ...handlers].map((each) => each.do || []);
  const missing = [].concat(...lists, handlers).map((needs) => stack.lacks(needs));
  return [...new Set([].concat(...missing))];
}

/** What a peer in another stack has sent is under way to the peers here. */
function arrive(run, {message, description}) {
  run.messages.set(message, {description: description || null});
  run.sent.push({by: null, message});
}

/** The steps of a conducted program, one whenever a command asks for it; see `Command`. */
async function* asked(run, program, commands) {
  for (;;) {
    const command = await commands.next();
    if (command.end) return;
    if (command.message) {
      arrive(run, command);
    } else {
      yield program.steps[command.step];
      run.send({kind: "did"});
    }
  }
}

/**
 * Runs a program to its end; gives the number of peer connections that it made.
 *
 * With `commands` it does its steps as they are asked for.
 */
export async function run(program, context) {
  const running = new Run(program, context);
  const broken = new Promise((resolve, reject) => {
    running.fail = reject;
  });
  broken.catch(() => null);
  try {
    for (const handler of program.handlers || []) handle(running, handler);
    const {commands} = context;
    for await (const each of commands ? asked(running, program, commands) : program.steps) {
      await Promise.race([each.settle ? settleStep(running) : step(running, each), broken]);
    }
  } finally {
    running.end();
  }
  return running.connections;
}
