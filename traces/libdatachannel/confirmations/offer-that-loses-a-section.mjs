// A later offer with fewer m-sections is taken.
//
// #set-description, 4.6.6, and RFC 3264, 8: "the number of "m=" lines in the new SDP MUST be at least
// as many as the number of "m=" lines in the previous SDP".
import {connection, ended, section, text} from "./_plain.mjs";

export const specified = "refused, stable";
export async function seen(library) {
  const pc = connection(library);
  pc.setRemoteDescription(text([section("audio", "0"), section("video", "1")]), "offer");
  pc.setLocalDescription();
  const end = ended(() => pc.setRemoteDescription(text([section("audio", "0")]), "offer"));
  return `${end}, ${pc.signalingState()}`;
}
