// What a remote offer has rejected is offered again, as if it had not been.
//
// #set-description, 4.6.11.2.15: an offer that rejects an m-section stops its transceiver, and a
// rollback does not undo that. RFC 9429, 5.2.2: the m-section of a stopped one is rejected, or recycled.
import {connection, section, text, told} from "./_plain.mjs";

export const specified = "audio recvonly, video rejected";
export async function seen(library) {
  const pc = connection(library);
  pc.setRemoteDescription(text([section("audio", "0"), section("video", "1")]), "offer");
  pc.setLocalDescription();
  const rejecting = [section("audio", "0"), section("video", "1", {port: 0, direction: "inactive"})];
  pc.setRemoteDescription(text(rejecting), "offer");
  pc.setRemoteDescription("", "rollback");
  pc.setLocalDescription();
  return told(pc.localDescription().sdp);
}
