// A description that rejects each of its m-sections is refused, though it has a fingerprint.
//
// RFC 9429, 5.3.1: an m-section is rejected by the port 0; nothing says that one must be left.
// #set-description, 4.6: such an answer ends the negotiation in "stable", such an offer stops.
import {connection, ended, section, text} from "./_plain.mjs";

const REJECTED = section("audio", "0", {direction: "inactive", port: 0});

function answered(library) {
  const pc = connection(library);
  pc.addTrack(new library.Audio("0", "SendRecv"));
  pc.setLocalDescription();
  const end = ended(() => pc.setRemoteDescription(text([REJECTED], "active"), "answer"));
  return `${end}, ${pc.signalingState()}`;
}

function offered(library) {
  const pc = connection(library);
  pc.setRemoteDescription(text([section("audio", "0")]), "offer");
  pc.setLocalDescription();
  const end = ended(() => pc.setRemoteDescription(text([REJECTED]), "offer"));
  return `${end}, ${pc.signalingState()}`;
}

export const specified = "answer: resolved, stable; offer: resolved, have-remote-offer";
export async function seen(library) {
  return `answer: ${answered(library)}; offer: ${offered(library)}`;
}
