// A remote provisional answer is taken for the final one.
//
// #set-description, 4.6.6.3: a remote description of type "pranswer" leads to "have-remote-pranswer". In
// setRemoteDescription() the new state is Stable for both types.
import {connection, ended, section, text} from "./_plain.mjs";

export const specified = "have-remote-pranswer; the answer resolved, stable";
export async function seen(library) {
  const pc = connection(library);
  pc.createDataChannel("one");
  pc.setLocalDescription();
  const answer = text([section("application", "0")], "active");
  pc.setRemoteDescription(answer, "pranswer");
  const first = pc.signalingState();
  const end = ended(() => pc.setRemoteDescription(answer, "answer"));
  return `${first}; the answer ${end}, ${pc.signalingState()}`;
}
