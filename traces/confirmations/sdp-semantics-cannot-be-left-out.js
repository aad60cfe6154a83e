// setConfiguration takes what the constructor was given, but for a member that is none.
//
// #rtcconfiguration-dictionary has no sdpSemantics: WebIDL leaves it out, and nothing differs for
// #set-pc-configuration, 3, to refuse.
export const specified = "it is taken";

export async function seen() {
  const pc = new RTCPeerConnection({ sdpSemantics: "unified-plan" });
  try {
    pc.setConfiguration({});
    return "it is taken";
  } catch (error) {
    return error.name;
  }
}
