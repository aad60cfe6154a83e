// The ids of RTP header extensions in an offer that was rolled back bind nobody.
//
// #set-description: a rollback takes the connection back to the last stable state, in which there is
// no m-section 1, and no extension with the id 2: the remote end offered one, and the answer left it
// out (RFC 8285, section 7: only what is in offer and answer is in use). The remote end offers the same
// extension with the same id again, which is taken where no local offer was made and rolled back.
export const specified = "it is taken";

const FINGERPRINT = Array(32).fill("AA").join(":");

/** A remote offer with sections of these kinds, the first with an extension as id 2. */
function offered(version, ...kinds) {
  const codecs = { audio: "111 opus/48000/2", video: "96 VP8/90000" };
  const sections = kinds.map((kind, mid) => {
    const [payload, codec] = codecs[kind].split(" ");
    return [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payload}`,
      "c=IN IP4 0.0.0.0",
      `a=mid:${mid}`,
      "a=sendrecv",
      "a=rtcp-mux",
      "a=ice-ufrag:abcd",
      "a=ice-pwd:abcdefghijklmnopqrstuvwx",
      `a=fingerprint:sha-256 ${FINGERPRINT}`,
      "a=setup:actpass",
      "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid",
      ...(mid === 0 ? ["a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level"] : []),
      `a=rtpmap:${payload} ${codec}`,
    ];
  });
  const mids = kinds.map((kind, mid) => mid).join(" ");
  const session = ["v=0", `o=- 1 ${version} IN IP4 127.0.0.1`, "s=-", "t=0 0"];
  const lines = [...session, `a=group:BUNDLE ${mids}`, ...sections.flat(), ""];
  return { type: "offer", sdp: lines.join("\r\n") };
}

async function taken(offersAndRollsBack) {
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offered(1, "audio"));
  await pc.setLocalDescription();
  pc.addTransceiver("video");
  if (offersAndRollsBack) {
    await pc.setLocalDescription(); // Chromium offers another extension with the id 2 for the video
    await pc.setLocalDescription({ type: "rollback" });
  }
  try {
    await pc.setRemoteDescription(offered(2, "audio", "video"));
    return "it is taken";
  } catch (error) {
    return error.name;
  } finally {
    pc.close();
  }
}

export async function seen() {
  const without = await taken(false);
  if (without !== specified) return `without a rollback: ${without}`;
  return taken(true);
}
