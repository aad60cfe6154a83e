// An answer says that it sends, although the application has added nothing to send.
//
// #set-description, 4.6.11.2.7.3: the transceiver that a remote offer makes has the direction "recvonly".
// RFC 9429, 5.3.1: the answer's direction is that, as far as the offer allows.
import {connection, section, text, told} from "./_plain.mjs";

function answerTo(library, direction) {
  const pc = connection(library);
  pc.setRemoteDescription(text([section("audio", "0", {direction})]), "offer");
  pc.setLocalDescription();
  return `${direction}: ${told(pc.localDescription().sdp)}`;
}

export const specified = "sendrecv: audio recvonly; recvonly: audio inactive";
export async function seen(library) {
  return ["sendrecv", "recvonly"].map((each) => answerTo(library, each)).join("; ");
}
