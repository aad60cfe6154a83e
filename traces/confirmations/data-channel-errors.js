// createDataChannel throws TypeError for options that exclude each other or are missing.
//
// createDataChannel, 11: both maxPacketLifeTime and maxRetransmits; 15: negotiated without an id.
export const specified = "both: TypeError; no id: TypeError";

function outcome(init) {
  const pc = new RTCPeerConnection();
  try {
    pc.createDataChannel("a", init);
    return "returns";
  } catch (error) {
    return error.name;
  }
}

export async function seen() {
  const both = outcome({ maxPacketLifeTime: 10, maxRetransmits: 1 });
  return `both: ${both}; no id: ${outcome({ negotiated: true })}`;
}
