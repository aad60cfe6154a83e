// setConfiguration refuses an ICE server without URLs.
//
// #set-pc-configuration, 6.3, and #validate-an-ice-server-url: a server whose urls is an empty list is
// a SyntaxError.
export const specified = "SyntaxError";

export async function seen() {
  const pc = new RTCPeerConnection();
  try {
    pc.setConfiguration({ iceServers: [{ urls: [] }] });
    return "it is taken";
  } catch (error) {
    return error.name;
  }
}
