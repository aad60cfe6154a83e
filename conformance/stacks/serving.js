// Takes orders to run a program, and answers them: the recorder's end of the protocol (`wire.py`),
// whatever the messages go through.

import {canCollectGarbage, collectGarbage} from "./collecting.js";
import {Media} from "./media.js";
import {run, unsupported} from "./recorder.js";

const CONNECTIONS_BETWEEN_COLLECTIONS = 60;

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

/** Runs programs on a stack, one after the other. `send` takes each message, an object. */
export class Recorder {
  constructor(stack, source, send) {
    this.stack = stack;
    this.media = new Media(source);
    this.send = send;
    this.connections = 0;
    this.commands = null;
  }

  hello(agent) {
    const {configuration} = this.stack;
    this.send({kind: "hello", agent, resolution: clockResolution(), configuration});
  }

  /** Takes an order, or a command within one. Never fails: what is wrong here is told, too. */
  async take(told) {
    if (!told.program && this.commands) {
      this.commands.add(told);
      return;
    }
    try {
      await this.runAndTell(told);
    } catch (error) {
      this.send({kind: "failed", error: `${error.name}: ${error.message}\n${error.stack}`});
    }
  }

  async runAndTell({program, options, conducted}) {
    const {media, send, stack} = this;
    const missing = unsupported(program, stack);
    if (missing.length > 0) {
      send({kind: "unsupported", what: missing});
      return;
    }
    const commands = conducted ? new Commands() : null;
    this.commands = commands;
    media.begin(program);
    try {
      send({kind: "began", streams: media.streamNames()});
      this.collectGarbage(await run(program, {stack, media, send, options, commands}));
      send({kind: "ended"});
    } finally {
      media.end();
      this.commands = null;
    }
  }

  /** Peer connections count against a browser's limit until they are collected. */
  collectGarbage(made) {
    this.connections += made;
    if (this.connections < CONNECTIONS_BETWEEN_COLLECTIONS) return;
    if (!canCollectGarbage()) return;
    collectGarbage();
    this.connections = 0;
  }
}
