// The answer to a later offer has the direction of the first one, even where it must not.
//
// RFC 3264, 6.1: "If an offered media stream is listed as inactive, it MUST be marked as inactive in the
// answer"; one that is sendonly "MUST be marked as recvonly or inactive". RFC 9429, 5.3.1 says the same.
import {connection, section, text, told} from "./_plain.mjs";

function answerToSecond(library, direction) {
  const pc = connection(library);
  pc.setRemoteDescription(text([section("audio", "0")]), "offer");
  pc.setLocalDescription();
  pc.setRemoteDescription(text([section("audio", "0", {direction})]), "offer");
  pc.setLocalDescription();
  return `${direction}: ${told(pc.localDescription().sdp)}`;
}

export const specified = "inactive: audio inactive; sendonly: audio recvonly";
export async function seen(library) {
  return ["inactive", "sendonly"].map((each) => answerToSecond(library, each)).join("; ");
}
