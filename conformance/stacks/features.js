// What a stack with the W3C's API has beside its methods: found by looking, never by its version and
// never by what fails later. `interfaces` holds its classes by the names of the specification.

function hasRollback({RTCSessionDescription}) {
  try {
    return new RTCSessionDescription({type: "rollback"}).type === "rollback";
  } catch (error) {
    return false; // the type is no value of the enumeration RTCSdpType
  }
}

/** A method's length is the number of arguments that it cannot do without. */
function hasImplicitDescription({RTCPeerConnection}) {
  return RTCPeerConnection.prototype.setLocalDescription.length === 0;
}

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

/** The names of the features that an item of a program needs and the stack has not. */
export function featuresLacked(item, interfaces) {
  const lacked = Object.entries(FEATURES).filter(
    ([, {needed, there}]) => needed(item) && !there(interfaces),
  );
  return lacked.map(([name]) => name);
}

function sdpSemantics({RTCPeerConnection}) {
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
export function configurationFor(interfaces) {
  return sdpSemantics(interfaces) === "plan-b" ? {sdpSemantics: "unified-plan"} : {};
}
