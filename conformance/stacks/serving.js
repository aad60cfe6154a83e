// Takes orders to run a program, and answers them: the recorder's end of the protocol (`wire.py`),
// whatever the messages go through.

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

/** Runs programs on a stack, one after the other. `send` takes each message, an object. */
export class Recorder {
  constructor(stack, source, send) {
    this.stack = stack;
    this.media = new Media(source);
    this.send = send;
    this.connections = 0;
  }

  hello(agent) {
    const {configuration} = this.stack;
    this.send({kind: "hello", agent, resolution: clockResolution(), configuration});
  }

  /** Never fails: what is wrong with the recorder itself is told, too. */
  async take(order) {
    try {
      await this.runAndTell(order);
    } catch (error) {
      this.send({kind: "failed", error: `${error.name}: ${error.message}\n${error.stack}`});
    }
  }

  async runAndTell({program, options}) {
    const {media, send, stack} = this;
    const missing = unsupported(program, stack);
    if (missing.length > 0) {
      send({kind: "unsupported", what: missing});
      return;
    }
    media.begin(program);
    try {
      send({kind: "began", streams: media.streamNames()});
      this.collectGarbage(await run(program, {stack, media, send, options}));
      send({kind: "ended"});
    } finally {
      media.end();
    }
  }

  /** Peer connections count against a browser's limit until they are collected. */
  collectGarbage(made) {
    this.connections += made;
    if (this.connections < CONNECTIONS_BETWEEN_COLLECTIONS) return;
    if (typeof gc !== "function") return;
    gc();
    this.connections = 0;
  }
}
