// setConfiguration refuses the rtcpMuxPolicy "negotiate".
//
// #rtcrtcpmuxpolicy-enum: "require" is the only value that there is, since 2019 and in the
// Recommendation too. What is no value of an enum is a TypeError of WebIDL, before any step of
// setConfiguration could compare it with what was given before (#set-pc-configuration, 3.5).
export const specified = "TypeError";

export async function seen() {
  const pc = new RTCPeerConnection();
  try {
    pc.setConfiguration({ rtcpMuxPolicy: "negotiate" });
    return "it is taken";
  } catch (error) {
    return error.name;
  }
}
