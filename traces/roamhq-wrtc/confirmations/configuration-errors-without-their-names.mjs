// setConfiguration() refuses an ICE server whose URL is none with a SyntaxError.
//
// #set-the-configuration, 6.4.
export const specified = "SyntaxError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  let told = "it is set";
  try {
    pc.setConfiguration({iceServers: [{urls: ["http://example.com"]}]});
  } catch (error) {
    told = error.name;
  }
  pc.close();
  return told;
}
