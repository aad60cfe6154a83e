// createDataChannel() takes what it should refuse, and refuses an id that is to be ignored.
//
// createDataChannel, 14: negotiated without an id, TypeError; 19: an id that is in use, OperationError; 13: an
// id that is not negotiated is ignored.
import {connection, ended} from "./_plain.mjs";

export const specified = "no id: refused; id again: refused; id not negotiated: resolved";
export async function seen(library) {
  const pc = connection(library);
  const five = {negotiated: true, id: 5};
  const first = pc.createDataChannel("five", five); // it is kept, so that the id stays in use
  const none = ended(() => pc.createDataChannel("none", {negotiated: true}));
  const again = ended(() => pc.createDataChannel("again", five));
  const ignored = ended(() => pc.createDataChannel("ignored", {id: 65535}));
  first.close();
  return `no id: ${none}; id again: ${again}; id not negotiated: ${ignored}`;
}
