// An answer with other m-sections than the offer's is taken.
//
// #set-description, 4.6.6: what is invalid content is refused. RFC 9429, 5.8.3 and RFC 3264, 6: an
// answer has one m-section for each of the offer, in its order, of its kind.
import {connection, ended, section, text} from "./_plain.mjs";

function end(library, sections) {
  const pc = connection(library);
  pc.addTrack(new library.Audio("0", "SendRecv"));
  pc.setLocalDescription();
  const told = ended(() => pc.setRemoteDescription(text(sections, "active"), "answer"));
  return `${told}, ${pc.signalingState()}`;
}

export const specified = "two for one: refused, have-local-offer; video for audio: refused, have-local-offer";
export async function seen(library) {
  const two = end(library, [section("audio", "0"), section("audio", "1")]);
  return `two for one: ${two}; video for audio: ${end(library, [section("video", "1")])}`;
}
