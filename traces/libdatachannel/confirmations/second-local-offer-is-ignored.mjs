// setLocalDescription() in have-local-offer does nothing, and is not refused.
//
// setLocalDescription, 4.4.2: it creates an offer, with what was added since, and sets that. libdatachannel writes "Unexpected local description in signaling state
// have-local-offer, ignoring" into its log.
import {connection, told} from "./_plain.mjs";

const count = (pc) => told(pc.localDescription().sdp).split(", ").length;

export const specified = "1 m-section, then 2";
export async function seen(library) {
  const pc = connection(library);
  pc.createDataChannel("one");
  pc.setLocalDescription();
  const first = count(pc);
  pc.addTrack(new library.Audio("1", "SendRecv"));
  pc.setLocalDescription();
  return `${first} m-section, then ${count(pc)}`;
}
