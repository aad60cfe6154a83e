// What the recorder asks of a stack; here of one that has the W3C's API, as a page has it.
//
// A stack that differs is a subclass, which says how.

import {canCollectGarbage, collectGarbage} from "./collecting.js";
import {METHODS, supported} from "./methods.js";

export class Stack {
  /** `interfaces` holds the classes by the names of the specification. */
  constructor(interfaces) {
    this.interfaces = interfaces;
    this.methods = METHODS;
    this.configuration = {};
    this.knowsTasks = true; // whether `task` and `within` mean what they mean in a page
    this.blocks = false; // whether a call does all its work before it returns, whatever it promises
  }

  /** A fresh peer connection. */
  connection() {
    return new this.interfaces.RTCPeerConnection(this.configuration);
  }

  /** Registers the recorder's own listener, ahead of all others. */
  observe(connection, event, listener) {
    connection.addEventListener(event, listener);
  }

  /** Registers a program's handler, as the program says: by a property, or as a listener. */
  listen(connection, {event, via}, handler) {
    if (via === "listener") connection.addEventListener(event, handler);
    else connection[`on${event}`] = handler;
  }

  /** What can be read of a connection here, of all that the W3C's has. */
  seen(reading) {
    return reading;
  }

  /** Resolves when a fresh connection has done something that takes the stack's own threads. */
  answers(connection) {
    return connection.createOffer();
  }

  /** Waits until what is known to be under way to listeners has arrived. */
  async arrived() {}

  /** Asks the garbage collector to run: at once, or in a task soon. */
  collect() {
    collectGarbage();
  }

  /** The names of what an item of a program needs and this stack has not. */
  lacks({call, collect}) {
    if (collect && !canCollectGarbage()) return ["collect"];
    return !call || supported(call, this.interfaces) ? [] : [call];
  }
}
