// What this browser has: found by looking, never by its version and never by what fails later.

import {supported} from "./methods.js";

function hasRollback() {
  try {
    return new RTCSessionDescription({type: "rollback"}).type === "rollback";
  } catch (error) {
    return false; // the type is no value of the enumeration RTCSdpType
  }
}

/** A method's length is the number of arguments that it cannot do without. */
function hasImplicitDescription() {
  return RTCPeerConnection.prototype.setLocalDescription.length === 0;
}

/** What is asked of a browser beside its methods. */
const FEATURES = {
  "setLocalDescription()": {
    needed: (item) => item.call === "setLocalDescription" && !item.description,
    there: hasImplicitDescription,
  },
  rollback: {
    needed: ({call, description}) => Boolean(call && description && description.type === "rollback"),
    there: hasRollback,
  },
};

/** What the program needs and this browser has not. */
export function unsupported(program) {
  const lists = [...program.steps, ...(program.handlers || [])].map((each) => each.do || []);
  const items = [].concat(...lists);
  const methods = new Set(items.map((item) => item.call).filter((method) => method));
  const missing = [...methods].filter((method) => !supported(method));
  for (const [name, {needed, there}] of Object.entries(FEATURES)) {
    if (items.some(needed) && !there()) missing.push(name);
  }
  return missing;
}

function sdpSemantics() {
  const connection = new RTCPeerConnection();
  try {
    return connection.getConfiguration().sdpSemantics;
  } finally {
    connection.close();
  }
}

/**
 * What peer connections are constructed with. Chromium had m-sections of several tracks ("Plan B")
 * once, and does as the specification says only where it is asked to.
 */
export const CONFIGURATION = sdpSemantics() === "plan-b" ? {sdpSemantics: "unified-plan"} : {};
