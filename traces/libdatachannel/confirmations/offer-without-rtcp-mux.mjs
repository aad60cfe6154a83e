// An offer of RTP without rtcp-mux is taken.
//
// #set-description, 4.6.4: with the policy "require" (there is no other), an m-section that does not
// use RTCP mux is refused with an InvalidAccessError.
import {connection, ended, section, text} from "./_plain.mjs";

export const specified = "refused, stable";
export async function seen(library) {
  const pc = connection(library);
  const unmuxed = section("audio", "0", {lacks: "a=rtcp-mux"});
  const end = ended(() => pc.setRemoteDescription(text([unmuxed]), "offer"));
  return `${end}, ${pc.signalingState()}`;
}
