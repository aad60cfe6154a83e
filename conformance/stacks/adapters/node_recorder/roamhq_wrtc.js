// @roamhq/wrtc: libwebrtc for Node (npm `@roamhq/wrtc`), once `wrtc`.
//
// How it delivers, read in its source (0.10.0) and seen in experiments:
//
// * libwebrtc's threads post to Node's loop. Promises are settled there; events are handed to
//   `process.nextTick`, and their listeners, a property's handler among them, run one after the other
//   without a microtask in between. What can be read has changed before that.
// * Calls go to libwebrtc's thread at once, and so does whatever reads: a reading waits for the calls
//   before it, and shows what they did although no task has begun since.
// * setLocalDescription() needs its argument.
// * Its events are plain objects, without `bubbles`.
//
// Connections have the iceTransportPolicy `relay`, and no servers: recordings hold no addresses.

import {Stack} from "../../stack.js";

export const packaged = "@roamhq/wrtc";

const IMPLICIT = "setLocalDescription()";

class RoamhqWrtc extends Stack {
  constructor(library) {
    super(library);
    this.configuration = {iceTransportPolicy: "relay"};
  }

  lacks(item) {
    const missing = super.lacks(item);
    if (item.call === "setLocalDescription" && !item.description) missing.push(IMPLICIT);
    return missing;
  }
}

export function make(library) {
  const {RTCAudioSource, RTCVideoSource} = library.nonstandard;
  const source = {
    track: (kind) => (kind === "video" ? new RTCVideoSource() : new RTCAudioSource()).createTrack(),
    stream: () => new library.MediaStream(),
  };
  return {stack: new RoamhqWrtc(library), source};
}
