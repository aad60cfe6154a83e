// A local provisional answer is taken for the final one.
//
// #set-description, 4.6.5.3: a local description of type "pranswer" leads to "have-local-pranswer". In
// setLocalDescription() the new state is Stable for both types.
import {connection, section, text} from "./_plain.mjs";

export const specified = "pranswer, have-local-pranswer";
export async function seen(library) {
  const pc = connection(library);
  pc.setRemoteDescription(text([section("application", "0")]), "offer");
  pc.setLocalDescription("pranswer");
  return `${pc.localDescription().type}, ${pc.signalingState()}`;
}
