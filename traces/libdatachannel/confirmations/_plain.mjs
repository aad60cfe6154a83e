// What the scripts in this folder have in common: a connection that negotiates by hand and gathers
// nothing, and texts for it.

export function connection({PeerConnection}) {
  const configuration = {iceServers: [], disableAutoNegotiation: true, disableAutoGathering: true};
  return new PeerConnection("plain", configuration);
}

const MAPS = {audio: "a=rtpmap:111 opus/48000/2", video: "a=rtpmap:96 VP8/90000"};
const FORMATS = {audio: "UDP/TLS/RTP/SAVPF 111", video: "UDP/TLS/RTP/SAVPF 96"};

/** An m-section: what differs from one that is sent and received in both directions. */
export function section(kind, mid, {direction = "sendrecv", port = 9, lacks = "none"} = {}) {
  const rtp = [`a=${direction}`, "a=rtcp-mux", MAPS[kind]];
  const lines = [
    `m=${kind} ${port} ${FORMATS[kind] || "UDP/DTLS/SCTP webrtc-datachannel"}`,
    "c=IN IP4 0.0.0.0",
    `a=mid:${mid}`,
    ...(kind in MAPS ? rtp : ["a=sctp-port:5000"]),
  ];
  return lines.filter((line) => line !== lacks);
}

/** A text; the role is of an offer unless it is told. */
export function text(sections, role = "actpass") {
  const lines = [
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`,
    "a=ice-ufrag:plain",
    "a=ice-pwd:0123456789abcdef0123456789",
    `a=setup:${role}`,
    ...sections.flat(),
  ];
  return lines.map((line) => `${line}\r\n`).join("");
}

/** "resolved" or "refused", as a promise of the call would be. */
export function ended(call) {
  try {
    call();
    return "resolved";
  } catch (error) {
    return "refused";
  }
}

/** The lines of the m-sections that a text has: kind, "rejected" if it is, direction. */
export function told(sdp) {
  return sdp.split("m=").slice(1).map((each) => {
    const [kind, port] = each.split(" ");
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(each)[1];
    return port === "0" ? `${kind} rejected` : `${kind} ${direction}`;
  }).join(", ");
}

export const soon = () => new Promise((resolve) => setTimeout(resolve, 500));
