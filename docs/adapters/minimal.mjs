// A minimal adapter: `node minimal.mjs MODULE`, where MODULE exports RTCPeerConnection
// (`npm install @roamhq/wrtc`). It sees what the profile `state-only` says.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const load = createRequire(`${process.cwd()}/`);
const name = process.argv[2];
if (process.argv.includes("--version")) {
  console.log(JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf-8")).version);
  process.exit();
}
console.log = console.error; // standard output is for the protocol alone
const {RTCPeerConnection} = load(name);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const CALLS = { // with the arguments that they are given here
  addTransceiver: ["kind"], createDataChannel: ["label"], createOffer: [], createAnswer: [],
  setLocalDescription: ["description"], setRemoteDescription: ["description"], close: [],
};
const WORDS = ["call", "args", "description", "wait", "send", "receive", "kind", "label", "type",
  "message", "of"];

function unknown({steps, handlers = []}) { // what of a program is not known here
  const items = steps.flatMap((step) => step.do ?? []);
  const words = items.flatMap((item) => Object.keys({...item, ...item.args, ...item.description}));
  const calls = items.flatMap((item) => item.call ?? []).filter((call) => !(call in CALLS));
  const others = words.filter((word) => !WORDS.includes(word));
  return [...new Set([...calls, ...others, ...(handlers.length ? ["handlers"] : [])])];
}

async function run({program, options}) {
  const [began, pending, messages] = [performance.now(), new Map(), new Map()];
  let [n, calls] = [0, 0];
  const peers = new Map(program.peers.map((peer) => [peer, new RTCPeerConnection()]));
  const did = (kind, peer, fields) =>
    say({kind, n: n += 1, t: performance.now() - began, peer, ...fields});
  const saw = (kind, peer, fields) => // what is seen comes with what can be read right now
    did(kind, peer, {...fields, state: {signalingState: peers.get(peer).signalingState}});
  for (const [peer, pc] of peers) {
    pc.onsignalingstatechange = ({type}) => saw("event", peer, {name: type});
  }
  const describe = ({type, message, of: [peer, attribute] = []}) => {
    const from = peer ? peers.get(peer)[attribute] : messages.get(message);
    return {type: type ?? from?.type, ...(from?.sdp && {sdp: from.sdp})};
  };
  const call = (peer, method, args) => {
    const id = calls += 1;
    const ended = (kind) => (value) => { // the first reaction to the promise
      pending.delete(id);
      saw(kind, peer, {call: id, ...(kind === "reject" && {error: value.name})});
    };
    did("call", peer, {id, method, args});
    try {
      const given = CALLS[method].filter((each) => each in args).map((each) => args[each]);
      const promise = peers.get(peer)[method](...given)?.then?.(ended("resolve"), ended("reject"));
      if (promise) pending.set(id, {peer, promise});
      saw("return", peer, {call: id});
    } catch (error) {
      saw("throw", peer, {call: id, error: error.name});
    }
    return pending.get(id)?.promise;
  };
  for (const {peer, do: items = [], settle} of program.steps) {
    await pause(0); // each step is a task of its own
    for (const item of items) {
      const description = item.description && describe(item.description);
      if (description && !description.type) { // said, never guessed
        did("mark", peer, {text: `skipped ${item.call ?? item.send}: there is no such description`});
        continue;
      }
      if (item.send) messages.set(item.send, description);
      if (item.send) did("send", peer, {message: item.send, description});
      if (item.receive) did("receive", peer, {message: item.receive});
      const args = {...item.args, ...(description && {description})};
      const promise = item.call && call(peer, item.call, args);
      if (item.wait) await Promise.race([promise, pause(options.patience)]);
    }
    if (!settle) continue;
    const [quiet, all] = [Math.max(options.quiet, 200), [...pending]]; // enough without a canary
    await Promise.race([Promise.all(all.map(([, {promise}]) => promise)), pause(options.patience)]);
    for (let seen = -1; seen !== n; await pause(quiet)) seen = n;
    for (const each of peers.keys()) {
      const open = [...pending].filter(([, one]) => one.peer === each).map(([id]) => id);
      saw("idle", each, {quiet, pending: open});
    }
  }
  for (const pc of peers.values()) pc.onsignalingstatechange = null, pc.close();
}

async function obey(order) {
  const what = unknown(order.program);
  if (what.length) return say({kind: "unsupported", what});
  say({kind: "began"});
  await run(order);
  return say({kind: "ended"});
}

let last = Promise.resolve(); // one order after the other
const failed = ({stack}) => say({kind: "failed", error: stack});
createInterface({input: process.stdin})
  .on("line", (line) => { last = last.then(() => obey(JSON.parse(line))).catch(failed); })
  .on("close", () => setTimeout(process.exit, 3000, 0).unref());
say({kind: "hello", agent: name});
