// A setLocalDescription() that libdatachannel refuses ends the process.
//
// #dom-peerconnection-setlocaldescription: what is refused rejects a promise. The C++ method throws, and
// the bindings catch what others throw, but not what this one does (peer-connection-wrapper.cpp).
import {spawnSync} from "node:child_process";

const CODE = `
const {PeerConnection} = require("node-datachannel");
const pc = new PeerConnection("plain", {iceServers: [], disableAutoNegotiation: true});
try {
  pc.setLocalDescription(TYPE);
} catch (error) {}
process.exit(0);
`;

function endOf(type) {
  const folder = process.argv[3]; // see node.mjs
  const {signal} = spawnSync(process.execPath, ["-e", CODE.replace("TYPE", `"${type}"`)], {cwd: folder});
  return `${type} in stable: ${signal ? `the process dies of ${signal}` : "the process lives"}`;
}

export const specified = "answer in stable: the process lives; offer in stable: the process lives";
export async function seen() {
  return ["answer", "offer"].map(endOf).join("; ");
}
