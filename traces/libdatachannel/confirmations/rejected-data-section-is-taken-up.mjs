// An offered m-section that is rejected is not rejected in the answer, if there is a data channel.
//
// RFC 9429, 5.3.1: "If the m= section is rejected in the offer, [...] the answerer MUST reject" it.
// In populateLocalDescription() a data channel makes a new application section, whatever was offered.
import {connection, section, text, told} from "./_plain.mjs";

export const specified = "audio inactive, application rejected";
export async function seen(library) {
  const pc = connection(library);
  const audio = section("audio", "0", {direction: "inactive"});
  pc.setRemoteDescription(text([audio, section("application", "1", {port: 0})]), "offer");
  pc.createDataChannel("one");
  pc.setLocalDescription();
  return told(pc.localDescription().sdp);
}
