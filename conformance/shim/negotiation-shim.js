// Records every RTCPeerConnection of a page, for `negotiation check`. See docs/shim.md.
//
// What is recorded must not be changed by recording. A method is replaced by a Proxy of itself, so
// that its name, its length and its text stay; it is called with the arguments as they were given;
// and the promise that it returns is the very one that the page gets. Listeners and reactions are
// the first ones registered, they only read, and they never await. Texts are made only when the
// recording is handed out. What cannot be avoided is listed in docs/shim.md.

(function negotiationShim(global) {
  "use strict";

  const Native = global.RTCPeerConnection;
  if (!Native || global.negotiationShim) return;

  const options = Object.assign(
    {observations: 20000, characters: 16 * 1024 * 1024, transceivers: true, descriptions: true},
    global.negotiationShimOptions,
  );

  const VERSION = 1;
  const LONGEST_TEXT = 1024 * 1024;
  const EVENTS = ["signalingstatechange", "negotiationneeded", "track"];
  const STREAMS = ["addStream", "removeStream"];
  const OPTIONS = ["iceRestart", "offerToReceiveAudio", "offerToReceiveVideo"];
  const CHANNEL = ["negotiated", "id", "maxPacketLifeTime", "maxRetransmits"];
  const POLICIES = ["bundlePolicy", "iceTransportPolicy", "rtcpMuxPolicy", "iceCandidatePoolSize"];
  const SERVER = ["urls", "username", "credential"];
  const DIRECTIONS = ["sendrecv", "sendonly", "recvonly", "inactive", "stopped"];
  const SDP_TYPES = ["offer", "pranswer", "answer", "rollback"];
  const TYPES = ["currentLocal", "currentRemote", "pendingLocal", "pendingRemote"];

  // The page may replace what is used here, or be a test that stops the clocks.
  const {apply, construct} = Reflect;
  const {setTimeout} = global;
  const {then} = Promise.prototype;
  const listen = EventTarget.prototype.addEventListener;
  const clock = performance.now.bind(performance);

  /** How to read an attribute of the platform's, whatever a page has put in its place. */
  function attribute(owner, name) {
    const found = owner && Object.getOwnPropertyDescriptor(owner.prototype, name);
    return found && found.get ? (object) => apply(found.get, object, []) : () => undefined;
  }

  const Transceiver = global.RTCRtpTransceiver;
  const Sender = global.RTCRtpSender;
  const getTransceivers = Native.prototype.getTransceivers;
  const createOffer = Native.prototype.createOffer;
  const closeConnection = Native.prototype.close;
  const read = {
    signalingState: attribute(Native, "signalingState"),
    localDescription: attribute(Native, "localDescription"),
    mid: attribute(Transceiver, "mid"),
    direction: attribute(Transceiver, "direction"),
    currentDirection: attribute(Transceiver, "currentDirection"),
    sender: attribute(Transceiver, "sender"),
    receiver: attribute(Transceiver, "receiver"),
    track: attribute(global.RTCRtpReceiver, "track"),
    sent: attribute(Sender, "track"),
  };
  for (const name of TYPES) read[name] = attribute(Native, `${name}Description`);

  /** What can be read, or undefined: Firefox's descriptions throw once the connection is closed. */
  function readable(body) {
    try {
      return body();
    } catch (error) {
      return undefined;
    }
  }

  // ---------------------------------------------------------------------------------------------
  // What was recorded

  const start = clock();
  const date = new Date().toISOString();
  const peers = []; // every connection, in the order of construction
  const byConnection = new WeakMap();
  const byPart = new WeakMap(); // transceivers and senders -> {peer, name}
  const returned = new WeakMap(); // senders -> what getParameters() has just returned, as JSON
  const entries = []; // {peer, line}: the observations of all connections, in their order
  const texts = new Map(); // SDP text -> its id
  let characters = 0;
  let calls = 0;
  let last = start;
  let ended = null; // why nothing more is recorded: a mark's fields
  let tellers = null; // who is told each line as it comes

  function end(trouble, text) {
    if (!ended) ended = {text, trouble};
  }

  /** Keeps an observation; the `n` and the names are given when it is handed out. */
  function keep(peer, line) {
    if (ended) return;
    if (entries.length >= options.observations) {
      end("cut", `the recording has its most observations, ${options.observations}`);
      return;
    }
    const entry = {peer, line};
    entries.push(entry);
    if (tellers) tellers.told(entry);
  }

  /** Does the recorder's own work: the page must never meet with an error of it. */
  function safely(body) {
    if (ended) return undefined;
    try {
      return body();
    } catch (error) {
      end("failed", `the shim failed: ${error}`);
      return undefined;
    }
  }

  /** Milliseconds from one moment to another, as they are told. */
  function between(earlier, later) {
    return Math.round((later - earlier) * 1000) / 1000;
  }

  function now() {
    last = clock();
    return between(start, last);
  }

  function textId(text) {
    let id = texts.get(text);
    if (id === undefined) {
      characters += text.length;
      if (text.length > LONGEST_TEXT || characters > options.characters) {
        end("cut", "the recording has its most characters of session descriptions");
      }
      id = `s${texts.size + 1}`;
      texts.set(text, id);
    }
    return id;
  }

  /** A description, as a line has it; undefined where it is none. */
  function told(peer, description, local) {
    if (description === undefined || description === null) return undefined;
    const {type, sdp} = description;
    const hasText = sdp !== undefined && sdp !== null && !(type === "rollback" && sdp === "");
    if (hasText) peer.met(String(sdp), local);
    return {
      type: type === undefined ? undefined : String(type),
      sdp: hasText ? textId(String(sdp)) : undefined,
    };
  }

  /** Recorded connections hold no connection: the page's garbage stays garbage. */
  class Peer {
    constructor(configuration) {
      this.number = peers.length + 1;
      this.configuration = configuration;
      this.parts = 0;
      this.pending = new Set();
      this.made = new Set();
      this.got = new Set();
      this.state = undefined;
    }

    /** Remembers whose session, or credentials, a text names, to find the two ends of a call. */
    met(text, local) {
      const known = local ? this.made : this.got;
      const pattern = /^o=(\S+ \S+)|(?:^a=ice-ufrag:| ufrag )(\S+)/gm;
      text.replace(pattern, (whole, origin, ufrag) => known.add(origin || ufrag));
    }

    /** Transceivers are named at first sight, in the order of getTransceivers(). */
    scan(connection) {
      const found = apply(getTransceivers, connection, []);
      for (const transceiver of found) this.known(transceiver);
      return found;
    }

    known(transceiver) {
      let part = byPart.get(transceiver);
      if (!part) {
        this.parts += 1;
        const kind = readable(() => read.track(read.receiver(transceiver)).kind);
        part = {peer: this, name: `t${this.parts}`, kind};
        byPart.set(transceiver, part);
        byPart.set(read.sender(transceiver), part);
      }
      return part;
    }

    reading(connection) {
      const state = {signalingState: read.signalingState(connection)};
      const found = this.scan(connection);
      if (options.transceivers) state.transceivers = found.map((each) => this.row(each));
      if (options.descriptions) state.descriptions = readable(() => types(connection));
      this.state = state;
      return state;
    }

    row(transceiver) {
      const {name, kind} = this.known(transceiver);
      const mid = read.mid(transceiver);
      const current = read.currentDirection(transceiver);
      return {
        id: name,
        kind,
        direction: read.direction(transceiver),
        mid: mid === null ? undefined : mid,
        currentDirection: current === null ? undefined : current,
      };
    }

    /** Something is done: a call, a message, a remark. */
    did(kind, fields) {
      keep(this, Object.assign({kind, n: 0, t: now(), peer: ""}, fields));
    }

    /** Something is seen, with what can be read at this moment. */
    saw(connection, kind, fields) {
      const t = now();
      const state = this.reading(connection);
      keep(this, Object.assign({kind, n: 0, t, peer: "", state}, fields));
    }
  }

  function types(connection) {
    const found = {};
    for (const name of TYPES) {
      const description = read[name](connection);
      if (description) found[name] = description.type;
    }
    return found;
  }

  // ---------------------------------------------------------------------------------------------
  // The arguments of each call, as a line has them. They are read before the call is made.

  function trackName(track) {
    return track ? `${track.kind}:${track.id}` : undefined;
  }

  function streamIds(streams) {
    return Array.from(streams, (stream) => stream.id);
  }

  function members(object, names, convert) {
    if (object === undefined || object === null) return undefined;
    const found = {};
    for (const name of names) {
      if (object[name] !== undefined) found[name] = convert(object[name]);
    }
    return found;
  }

  function plain(value) {
    return typeof value === "number" || typeof value === "boolean" ? value : String(value);
  }

  /** An RTCConfiguration without its secrets; null where certificates are a part of it. */
  function configurationOf(given) {
    if (given === undefined || given === null) return {};
    if (given.certificates !== undefined) return null;
    const found = members(given, POLICIES, plain);
    if (given.iceServers !== undefined) found.iceServers = Array.from(given.iceServers, server);
    return found;
  }

  function server({urls, username, credential}) {
    // An empty one is no secret, and refused.
    const secret = (value) => (value === undefined || value === "" ? value : "-");
    return {
      urls: Array.isArray(urls) ? urls.map(String) : urls === undefined ? urls : String(urls),
      username: secret(username),
      credential: secret(credential),
    };
  }

  /** What WebIDL makes of a number for an unsigned short. */
  function short(value) {
    return value === undefined || value === null ? undefined : Number(value) & 0xffff;
  }

  function candidateOf(peer, given) {
    if (given === undefined || given === null) return undefined;
    const {candidate, sdpMid, sdpMLineIndex, usernameFragment} = given;
    const text = (value) => (value === undefined || value === null ? undefined : String(value));
    peer.met(`${text(candidate) || ""} ufrag ${text(usernameFragment) || ""}`, false);
    return {
      candidate: text(candidate),
      sdpMid: text(sdpMid),
      sdpMLineIndex: short(sdpMLineIndex),
      usernameFragment: text(usernameFragment),
    };
  }

  function partName(part) {
    const found = part && byPart.get(part);
    return found ? found.name : undefined;
  }

  function addTransceiver(peer, [what, init]) {
    const isTrack = typeof what === "object" && what !== null;
    const given = init === undefined || init === null ? {} : init;
    return {
      kind: isTrack ? undefined : String(what),
      track: isTrack ? trackName(what) : undefined,
      streams: given.streams === undefined ? undefined : streamIds(given.streams),
      direction: given.direction === undefined ? undefined : String(given.direction),
    };
  }

  const ARGUMENTS = {
    addTransceiver,
    addTrack: (peer, [track, ...streams]) => ({
      track: trackName(track),
      streams: streams.length > 0 ? streamIds(streams) : undefined,
    }),
    removeTrack: (peer, [sender]) => ({transceiver: partName(sender)}),
    createDataChannel: (peer, [label, init]) => ({
      label: String(label),
      init: members(init, CHANNEL, plain),
    }),
    createOffer: (peer, [given]) => ({
      options: typeof given === "function" ? undefined : members(given, OPTIONS, Boolean),
    }),
    createAnswer: () => ({}),
    restartIce: () => ({}),
    close: () => ({}),
    setLocalDescription: (peer, [given]) => ({description: told(peer, given, true)}),
    setRemoteDescription: (peer, [given]) => ({description: told(peer, given, false)}),
    addIceCandidate: (peer, [given]) => ({candidate: candidateOf(peer, given)}),
    setConfiguration: (peer, [given]) => ({configuration: configurationOf(given) || undefined}),
  };

  /** Calls of transceivers and senders; each also names the transceiver. */
  const OF_PARTS = {
    stop: () => ({}),
    direction: (peer, [direction]) => ({direction: String(direction)}),
    setStreams: (peer, streams) => ({streams: streamIds(streams)}),
    replaceTrack: (peer, [track]) => ({track: trackName(track)}),
    setParameters: () => ({}),
  };

  /**
   * Calls that can be refused for what a trace does not tell of their arguments: encodings, a
   * protocol, another connection's sender, certificates. Refused, they did nothing.
   */
  const UNTOLD = {
    addTransceiver: (peer, [, init]) => Boolean(init) && init.sendEncodings !== undefined,
    addTrack: (peer, [track]) => typeof track !== "object" || track === null,
    removeTrack: (peer, [sender]) => !byPart.has(sender) || byPart.get(sender).peer !== peer,
    createDataChannel: (peer, {length, 1: init}) =>
      length === 0 || (Boolean(init) && init.protocol !== undefined),
    setConfiguration: (peer, [given]) => Boolean(given) && hasMore(given),
    setStreams: () => false,
  };

  /** Whether a configuration has members that a trace does not tell. */
  function hasMore(given) {
    const more = (object, names) => Object.keys(object).some((name) => !names.includes(name));
    return more(given, ["iceServers", ...POLICIES])
      || Array.from(given.iceServers || []).some((each) => more(each, SERVER));
  }

  /** What is given as a direction, or as a description's type, and is none; undefined: nothing. */
  function noValue({direction, description}) {
    if (direction !== undefined && !DIRECTIONS.includes(direction)) {
      return `'${direction}', which is no direction`;
    }
    const type = description && description.type;
    return type === undefined || SDP_TYPES.includes(type)
      ? undefined
      : `'${type}', which is no type of a description`;
  }

  /** Where a legacy call has its two callbacks; createOffer's options come behind them. */
  const CALLBACKS = {
    createOffer: 0,
    createAnswer: 0,
    setLocalDescription: 1,
    setRemoteDescription: 1,
    addIceCandidate: 1,
  };

  // ---------------------------------------------------------------------------------------------
  // How a call is recorded

  function failure(error) {
    const message = readable(() => error.message);
    return {error: String(readable(() => error.name)), message: message && String(message)};
  }

  /** One call that is under way. It holds the connection for as long as its promise is pending. */
  class Call {
    constructor(peer, connection, method) {
      calls += 1;
      this.peer = peer;
      this.connection = connection;
      this.method = method;
      this.id = calls;
    }

    begin(args) {
      this.peer.scan(this.connection);
      this.peer.did("call", {id: this.id, method: this.method, args});
    }

    returned(value) {
      this.saw("return", {value: this.valueOf(value)});
    }

    /** A call that did nothing, and of which a trace cannot tell why. */
    refused(error) {
      const why = `${this.method} was refused with ${failure(error).error}`;
      this.peer.did("mark", {text: `${why}: its arguments are not all told`});
    }

    saw(kind, fields) {
      this.peer.saw(this.connection, kind, Object.assign({call: this.id}, fields));
    }

    /** The transceiver that a call made or took into use, by name. */
    valueOf(value) {
      if (!value || (this.method !== "addTransceiver" && this.method !== "addTrack")) {
        return undefined;
      }
      this.peer.scan(this.connection);
      return partName(value);
    }

    resolved(value) {
      this.peer.pending.delete(this.id);
      this.saw("resolve", {description: this.resolvedWith(value)});
    }

    rejected(error) {
      this.peer.pending.delete(this.id);
      this.saw("reject", failure(error));
    }

    resolvedWith(value) {
      const {peer, method} = this;
      if (method === "setLocalDescription") {
        return readable(() => told(peer, read.localDescription(this.connection), true));
      }
      return method === "createOffer" || method === "createAnswer"
        ? told(peer, value, true)
        : undefined;
    }

    /** Registers the first reaction to the call's promise. */
    follow(promise) {
      this.peer.pending.add(this.id);
      apply(then, promise, [
        (value) => { safely(() => this.resolved(value)); },
        (error) => { safely(() => this.rejected(error)); },
      ]);
    }

    /** A callback of a legacy call is the reaction: it is recorded, and then it runs. */
    wrapped(callback, settled) {
      if (typeof callback !== "function") return callback;
      return (...given) => {
        safely(() => settled(given[0]));
        return apply(callback, undefined, given);
      };
    }
  }

  /** The arguments that the platform is called with: the page's, or with its callbacks wrapped. */
  function passed(call, args) {
    const at = CALLBACKS[call.method];
    const isLegacy = at !== undefined && args.length >= at + 2 && typeof args[at] === "function";
    if (!isLegacy) return {args, isLegacy};
    const given = args.slice();
    given[at] = call.wrapped(args[at], (value) => call.resolved(value));
    given[at + 1] = call.wrapped(args[at + 1], (error) => call.rejected(error));
    return {args: given, isLegacy};
  }

  function argumentsOf(call, args, transceiver) {
    const {method, peer} = call;
    if (transceiver) {
      return Object.assign({transceiver}, OF_PARTS[method](peer, args));
    }
    const at = CALLBACKS[method] === 0 && typeof args[0] === "function" ? 2 : 0;
    return ARGUMENTS[method](peer, args.slice(at));
  }

  /** Whether a trace could not tell why the call is refused; `told` is what it tells of it. */
  function isUntold(call, args, told) {
    const untold = UNTOLD[call.method];
    return untold !== undefined && (!told || readable(() => untold(call.peer, args)) !== false);
  }

  /**
   * Makes a call as the page made it, and records it: where it is untold, if it was not refused. One
   * that WebIDL refuses for a value that there is not, or lets do nothing, is a remark.
   */
  function recorded(target, self, args, call, transceiver) {
    let given = {args, isLegacy: false};
    let later = null;
    let nothing = false;
    safely(() => {
      const told = readable(() => argumentsOf(call, args, transceiver));
      const odd = told && noValue(told);
      if (odd) {
        nothing = true;
        call.peer.did("mark", {text: `${call.method} was given ${odd}`});
        return;
      }
      const begin = () => call.begin(told || {});
      if (isUntold(call, args, told)) later = begin;
      else begin();
      given = passed(call, args);
      if (given.isLegacy) call.peer.pending.add(call.id);
    });
    if (nothing) return apply(target, self, args);
    let value;
    try {
      value = apply(target, self, given.args);
    } catch (error) {
      safely(() => {
        call.peer.pending.delete(call.id);
        if (later) call.refused(error);
        else call.saw("throw", failure(error));
      });
      throw error;
    }
    safely(() => {
      if (later) later();
      if (!given.isLegacy && value instanceof Promise) call.follow(value);
      call.returned(value);
    });
    return value;
  }

  function methodTrap(method) {
    return {
      apply(target, self, args) {
        const peer = ended ? undefined : byConnection.get(self);
        if (!peer) return apply(target, self, args);
        return recorded(target, self, args, new Call(peer, self, method));
      },
    };
  }

  /**
   * Remembers what getParameters() returned, until this turn of the script ends. A task that it
   * queues makes the sender forget it, and to set it is then refused; when that task runs nobody
   * can see.
   */
  function gotParameters(target, self, args) {
    const value = apply(target, self, args);
    safely(() => {
      if (ended || !byPart.has(self)) return;
      const told = JSON.stringify(value);
      returned.set(self, told);
      const forget = () => { if (returned.get(self) === told) returned.delete(self); };
      apply(then, Promise.resolve(), [forget]);
    });
    return value;
  }

  /** Whether parameters are set of which a trace cannot tell what they are: others, or late ones. */
  function areUntold(method, self, [given]) {
    if (method !== "setParameters") return false;
    return readable(() => JSON.stringify(given) === returned.get(self)) !== true;
  }

  /** The track of each sender. */
  function sending(connection) {
    const senders = apply(getTransceivers, connection, []).map((each) => read.sender(each));
    return new Map(senders.map((sender) => [sender, read.sent(sender)]));
  }

  /** A method of streams is told as what it stands for: a call for each track of the stream. */
  function tracksChanged(peer, connection, before, stream) {
    const changed = [...sending(connection)].filter(([sender, track]) => {
      return track !== (before.get(sender) || null);
    });
    changed.forEach(([sender, track], index) => {
      const method = track ? "addTrack" : "removeTrack";
      const call = new Call(peer, connection, method);
      call.begin(ARGUMENTS[method](peer, track ? [track, stream] : [sender]));
      const value = track ? partName(sender) : undefined;
      if (index < changed.length - 1) peer.did("return", {call: call.id, value});
      else call.saw("return", {value});
    });
  }

  /** addStream() and removeStream(), where they are the platform's: of others the calls are seen. */
  function streamTrap(method) {
    return {
      apply(target, self, args) {
        const peer = ended ? undefined : byConnection.get(self);
        const before = peer && readable(() => sending(self));
        if (!before) return apply(target, self, args);
        const known = calls;
        let value;
        try {
          value = apply(target, self, args);
        } catch (error) {
          const why = `${method} was refused with ${failure(error).error}`;
          safely(() => peer.did("mark", {text: why}));
          throw error;
        }
        safely(() => { if (calls === known) tracksChanged(peer, self, before, args[0]); });
        return value;
      },
    };
  }

  function partTrap(method) {
    return {
      apply(target, self, args) {
        const part = ended ? undefined : byPart.get(self);
        const connection = part && part.peer.connectionOf();
        if (!connection) return apply(target, self, args);
        if (areUntold(method, self, args)) {
          const why = "they are not those that getParameters() has just returned";
          safely(() => part.peer.did("mark", {text: `setParameters of ${part.name}: ${why}`}));
          return apply(target, self, args);
        }
        const call = new Call(part.peer, connection, method);
        return recorded(target, self, args, call, part.name);
      },
    };
  }

  // ---------------------------------------------------------------------------------------------
  // What is replaced

  function happened(peer, connection, event) {
    const fields = {name: event.type, bubbles: event.bubbles, cancelable: event.cancelable};
    if (event.type === "track") {
      peer.scan(connection);
      fields.transceiver = partName(event.transceiver);
      fields.streams = streamIds(event.streams);
    }
    peer.saw(connection, "event", fields);
  }

  /** Transceivers lead to their connection without keeping it, where the platform can do that. */
  function reference(connection) {
    if (typeof WeakRef !== "function") return () => connection;
    const weak = new WeakRef(connection);
    return () => weak.deref();
  }

  function constructed(connection, args) {
    const peer = new Peer(readable(() => configurationOf(args[0])));
    peers.push(peer);
    peer.connectionOf = reference(connection);
    byConnection.set(connection, peer);
    const listener = (event) => { safely(() => happened(peer, connection, event)); };
    for (const name of EVENTS) apply(listen, connection, [name, listener]);
  }

  const Recorded = new Proxy(Native, {
    construct(target, args, newTarget) {
      const connection = construct(target, args, newTarget === Recorded ? target : newTarget);
      safely(() => constructed(connection, args));
      return connection;
    },
  });

  function replaceMethod(owner, method, trap) {
    const found = owner && Object.getOwnPropertyDescriptor(owner.prototype, method);
    if (!found || typeof found.value !== "function") return;
    const value = new Proxy(found.value, trap);
    Object.defineProperty(owner.prototype, method, Object.assign({}, found, {value}));
  }

  function replaceSetter(owner, name, trap) {
    const found = owner && Object.getOwnPropertyDescriptor(owner.prototype, name);
    if (!found || !found.set) return;
    const set = new Proxy(found.set, trap);
    Object.defineProperty(owner.prototype, name, Object.assign({}, found, {set}));
  }

  /** Old names of the constructor are the constructor: they stay equal to it. */
  function replaceConstructor() {
    for (const name of Object.getOwnPropertyNames(global)) {
      const found = /RTCPeerConnection$/.test(name) && Object.getOwnPropertyDescriptor(global, name);
      if (found && found.value === Native) {
        Object.defineProperty(global, name, Object.assign({}, found, {value: Recorded}));
      }
    }
    const found = Object.getOwnPropertyDescriptor(Native.prototype, "constructor");
    Object.defineProperty(Native.prototype, "constructor", Object.assign({}, found, {value: Recorded}));
  }

  for (const method of Object.keys(ARGUMENTS)) replaceMethod(Native, method, methodTrap(method));
  for (const method of Object.keys(OF_PARTS)) {
    const trap = partTrap(method);
    replaceMethod(Transceiver, method, trap);
    replaceMethod(Sender, method, trap);
    replaceSetter(Transceiver, method, trap);
  }
  for (const method of STREAMS) replaceMethod(Native, method, streamTrap(method));
  replaceMethod(Sender, "getParameters", {apply: gotParameters});
  replaceConstructor();

  // ---------------------------------------------------------------------------------------------
  // Handing out

  const BROWSERS = [["edge", /Edg\/([\d.]+)/], ["chromium", /Chrom(?:e|ium)\/([\d.]+)/],
    ["firefox", /Firefox\/([\d.]+)/], ["safari", /Version\/([\d.]+).*Safari/]];

  function stack() {
    const agent = global.navigator ? global.navigator.userAgent : "";
    for (const [name, pattern] of BROWSERS) {
      const found = pattern.exec(agent);
      if (found) return {name, version: found[1], platform: global.navigator.platform};
    }
    return {name: "unknown browser"};
  }

  let resolution = null;

  /** The smallest step that the clock was seen to make, in milliseconds; measured once. */
  function clockResolution() {
    if (resolution !== null) return resolution;
    resolution = Infinity;
    for (let i = 0; i < 5; i += 1) {
      const before = clock();
      let after = before;
      while (after === before) after = clock();
      resolution = Math.min(resolution, after - before);
    }
    resolution = Math.round(resolution * 1e6) / 1e6;
    return resolution;
  }

  /** Half of a surrogate pair is no UTF-8. */
  function whole(key, value) {
    if (typeof value !== "string" || !/[\ud800-\udfff]/.test(value)) return value;
    return new TextDecoder().decode(new TextEncoder().encode(value));
  }

  function json(line) {
    return JSON.stringify(line, whole);
  }

  /** Writes the lines of one trace, whose peers are these. */
  class Teller {
    constructor(group) {
      this.names = new Map(group.map((peer, index) => [peer, "ABCDEFGHIJ"[index]]));
      this.known = new Set();
      this.n = 0;
    }

    header() {
      const described = {};
      for (const [peer, name] of this.names) {
        described[name] = {
          stack: stack(),
          recorder: `negotiation-shim ${VERSION}`,
          profile: "no-tasks",
          clock: {resolution: clockResolution()},
          configuration: peer.configuration || undefined,
        };
      }
      const numbers = [...this.names.keys()].map(({number}) => number);
      return json({
        kind: "header",
        format: "negotiation-trace",
        version: 1,
        date,
        peers: described,
        note: `of the connections of a page, in the order of construction: ${numbers.join(", ")}`,
      });
    }

    /** The line, after that of a text that it is the first to name. */
    lines({peer, line}) {
      const written = [];
      const {sdp: id} = line.description || (line.args && line.args.description) || {};
      if (id !== undefined && !this.known.has(id)) {
        this.known.add(id);
        written.push(json({kind: "sdp", id, text: textOf(id)}));
      }
      this.n += 1;
      written.push(json(Object.assign({}, line, {n: this.n, peer: this.names.get(peer)})));
      return written;
    }
  }

  function textOf(id) {
    return [...texts.keys()][Number(id.slice(1)) - 1];
  }

  function meets(one, other) {
    const hears = (a, b) => [...a.made].some((origin) => b.got.has(origin));
    return hears(one, other) || hears(other, one);
  }

  /** Both ends of a call are in one trace: those that have heard of nobody else in this page. */
  function groups() {
    const others = new Map();
    for (const peer of peers) {
      others.set(peer, peers.filter((other) => other !== peer && meets(peer, other)));
    }
    const grouped = [];
    for (const peer of peers) {
      const [other, ...more] = others.get(peer);
      const isPair = other && more.length === 0 && others.get(other).length === 1;
      if (!isPair) grouped.push([peer]);
      else if (peer.number < other.number) grouped.push([peer, other]);
    }
    return grouped;
  }

  function idle(peer, measured) {
    const connection = peer.connectionOf();
    const state = connection ? readable(() => peer.reading(connection)) : peer.state;
    const t = between(start, clock());
    const pending = [...peer.pending];
    return {peer, line: Object.assign({kind: "idle", n: 0, t, peer: "", state, pending}, measured)};
  }

  function silence() {
    return {quiet: Math.max(0, between(last, clock()))};
  }

  function ending(group, lines) {
    if (ended) {
      const t = between(start, clock());
      return [{peer: group[0], line: Object.assign({kind: "mark", n: 0, t, peer: ""}, ended)}];
    }
    const isMeasured = (peer) => {
      const own = lines.filter((entry) => entry.peer === peer);
      return own.length > 0 && own[own.length - 1].line.kind === "idle";
    };
    return group.filter((peer) => !isMeasured(peer)).map((peer) => idle(peer, silence()));
  }

  function trace(group) {
    const teller = new Teller(group);
    const own = entries.filter(({peer}) => group.includes(peer));
    const lines = [teller.header()];
    for (const entry of [...own, ...ending(group, own)]) lines.push(...teller.lines(entry));
    const numbers = group.map(({number}) => number).join("-");
    return {name: `connection-${numbers}`, text: `${lines.join("\n")}\n`};
  }

  function pause(milliseconds) {
    return new Promise((resolve) => { apply(setTimeout, global, [resolve, milliseconds]); });
  }

  /** Whether a fresh connection's createOffer settles within so many milliseconds. */
  async function canary(longest) {
    const connection = readable(() => new Native());
    if (!connection) return false; // a page can have so many that there is no room for another one
    const offered = apply(createOffer, connection, []).then(() => true, () => true);
    const sung = await Promise.race([offered, pause(longest).then(() => false)]);
    apply(closeConnection, connection, []);
    return sung;
  }

  /** Counts turns of the event loop until it was quiet for so long; null if it was not. */
  async function listenFor(quiet) {
    const seen = entries.length;
    const sung = await canary(3000);
    let turns = 0;
    for (const until = clock() + quiet; clock() < until || turns < 6; turns += 1) {
      await pause(quiet / 10);
      if (entries.length !== seen) return null;
    }
    return Object.assign(silence(), {turns, canary: sung});
  }

  /** Waits until nothing happens any more, and records that; false: it did not become quiet. */
  async function settle({quiet = 250, patience = 5000} = {}) {
    for (const until = clock() + patience; clock() < until;) {
      const measured = await listenFor(quiet);
      if (measured) {
        safely(() => {
          for (const peer of peers) {
            const {line} = idle(peer, measured);
            keep(peer, line);
          }
        });
        return true;
      }
    }
    return false;
  }

  function download() {
    for (const {name, text} of peers.length > 0 ? groups().map(trace) : []) {
      const link = global.document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], {type: "application/jsonl"}));
      link.download = `${name}.jsonl`;
      link.click();
      apply(setTimeout, global, [() => URL.revokeObjectURL(link.href), 60000]);
    }
  }

  /** Tells each line as it comes, a trace for each connection; `tell({connection, line})`. */
  class Stream {
    constructor(tell) {
      this.tell = tell;
      this.tellers = new Map();
      this.waiting = [];
      for (const entry of entries) this.told(entry);
    }

    told(entry) {
      this.waiting.push(entry);
      if (this.waiting.length === 1) apply(setTimeout, global, [() => this.flush(), 100]);
    }

    flush() {
      for (const entry of this.waiting.splice(0)) this.write(entry);
    }

    write(entry) {
      const {peer} = entry;
      let teller = this.tellers.get(peer);
      if (!teller) {
        teller = new Teller([peer]);
        this.tellers.set(peer, teller);
        this.tell({connection: peer.number, line: teller.header()});
      }
      for (const line of teller.lines(entry)) this.tell({connection: peer.number, line});
    }
  }

  function subscribe(tell) {
    tellers = new Stream(tell);
    listenForTheEnd();
  }

  function listenForTheEnd() {
    const finish = () => { if (tellers) tellers.flush(); };
    apply(listen, global, ["pagehide", finish]);
  }

  /** Sends each line to a recorder's socket, as JSON: {"connection", "line"}. */
  function connect(address) {
    const socket = new WebSocket(address);
    socket.onopen = () => subscribe((message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(json(message));
    });
  }

  function of(connection, body) {
    const peer = byConnection.get(connection);
    if (!peer) throw new TypeError("this is no connection that was recorded");
    safely(() => body(peer));
  }

  const api = {
    version: VERSION,
    /** The traces so far: [{name, text}]. */
    traces: () => groups().map(trace),
    settle,
    download,
    subscribe,
    connect,
    /** The application sent a message, or received it: the same name at both ends. */
    sent: (connection, message, description) => of(connection, (peer) => peer.did(
      "send", {message: String(message), description: told(peer, description, true)},
    )),
    received: (connection, message) => of(connection, (peer) => peer.did(
      "receive", {message: String(message)},
    )),
    mark: (connection, text) => of(connection, (peer) => peer.did("mark", {text: String(text)})),
    /** Why nothing more is recorded; null while it is. */
    get ended() { return ended && ended.text; },
    /** Records nothing more; what was recorded can still be handed out. */
    stop: () => end("cut", "the page stopped the recording"),
  };
  Object.defineProperty(global, "negotiationShim", {value: Object.freeze(api), enumerable: false});
  if (options.socket) connect(options.socket);
})(window);
