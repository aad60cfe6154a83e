// An error is an Error, whatever it is about.
//
// #set-description, 4.6.2: InvalidStateError in the wrong state. createDataChannel, 17: TypeError for the id
// 65535. The C++ exceptions say what went wrong in words alone.
import {connection, section, text} from "./_plain.mjs";

function nameOf(call) {
  try {
    call();
    return "none";
  } catch (error) {
    return error.name;
  }
}

export const specified = "InvalidStateError, TypeError";
export async function seen(library) {
  const pc = connection(library);
  const answer = text([section("application", "0")], "active");
  const state = nameOf(() => pc.setRemoteDescription(answer, "answer"));
  const id = nameOf(() => pc.createDataChannel("x", {negotiated: true, id: 65535}));
  return `${state}, ${id}`;
}
