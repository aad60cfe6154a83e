// setConfiguration() refuses an ICE server whose URL is none.
//
// #set-the-configuration, 6.4: throw a SyntaxError.
export const specified = "SyntaxError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  let told = "it is set";
  try {
    pc.setConfiguration({iceServers: [{urls: ["http://example.com"]}]});
  } catch (error) {
    told = error.name;
  }
  await pc.close();
  return told;
}
