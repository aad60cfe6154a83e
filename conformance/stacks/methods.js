// How each call of the program language is made, and what a stack must have for it.
//
// `given` holds the call's arguments as objects: description, transceiver, track, streams, and the
// plain ones as the program has them. What the program left out is left out of the real call too,
// so that illegal calls reach the stack as they are.

function has(object, key) {
  return Object.prototype.hasOwnProperty.call(object, key);
}

function only(given, ...keys) {
  return keys.filter((key) => has(given, key)).map((key) => given[key]);
}

function addTransceiver(connection, given) {
  const init = {};
  for (const key of ["direction", "streams"]) if (has(given, key)) init[key] = given[key];
  const rest = Object.keys(init).length > 0 ? [init] : [];
  return connection.addTransceiver(...only(given, "track", "kind"), ...rest);
}

function setParameters(connection, given) {
  const sender = given.transceiver.sender;
  return sender.setParameters(sender.getParameters());
}

function setDirection(connection, given) {
  given.transceiver.direction = given.direction;
}

function replaceTrack(connection, given) {
  return given.transceiver.sender.replaceTrack(has(given, "track") ? given.track : null);
}

export const METHODS = {
  addTransceiver,
  addTrack: (connection, given) => connection.addTrack(given.track, ...(given.streams || [])),
  removeTrack: (connection, given) => connection.removeTrack(given.transceiver.sender),
  stop: (connection, given) => given.transceiver.stop(),
  direction: setDirection,
  setStreams: (connection, given) => given.transceiver.sender.setStreams(...(given.streams || [])),
  replaceTrack,
  setParameters,
  createDataChannel: (connection, given) =>
    connection.createDataChannel(...only(given, "label", "init")),
  createOffer: (connection, given) => connection.createOffer(...only(given, "options")),
  createAnswer: (connection) => connection.createAnswer(),
  restartIce: (connection) => connection.restartIce(),
  close: (connection) => connection.close(),
  setLocalDescription: (connection, given) =>
    connection.setLocalDescription(...only(given, "description")),
  setRemoteDescription: (connection, given) =>
    connection.setRemoteDescription(...only(given, "description")),
  addIceCandidate: (connection, given) => connection.addIceCandidate(...only(given, "candidate")),
  setConfiguration: (connection, given) =>
    connection.setConfiguration(...only(given, "configuration")),
};

const OWNERS = {
  stop: "RTCRtpTransceiver",
  direction: "RTCRtpTransceiver",
  setStreams: "RTCRtpSender",
  replaceTrack: "RTCRtpSender",
  setParameters: "RTCRtpSender",
};

/** Whether a stack with these interfaces, by name, has the call at all. */
export function supported(method, interfaces) {
  const owner = interfaces[OWNERS[method] || "RTCPeerConnection"];
  return has(METHODS, method) && Boolean(owner) && method in owner.prototype;
}
