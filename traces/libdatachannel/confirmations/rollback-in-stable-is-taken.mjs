// A rollback in stable does nothing, and is not refused.
//
// #set-description, 2: a rollback in "stable", "have-local-pranswer" or "have-remote-pranswer" is
// rejected with an InvalidStateError.
import {connection, ended} from "./_plain.mjs";

export const specified = "local: refused; remote: refused";
export async function seen(library) {
  const pc = connection(library);
  const local = ended(() => pc.setLocalDescription("rollback"));
  const remote = ended(() => pc.setRemoteDescription("", "rollback"));
  return `local: ${local}; remote: ${remote}`;
}
