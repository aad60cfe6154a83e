// signalingstatechange fires although nothing is left of the application but its handler.
//
// #garbage-collection: a connection is not collected as long as an event can cause a handler to be triggered;
// #set-description, 4.6.15, fires signalingstatechange. The operation may win the race in one try,
// so that there are several.
export const specified = "kept: fires, let go: fires";

/** Needs `gc()` (Chromium: --js-flags=--expose-gc) or `TestUtils` (dom.testing.testutils.enabled). */
function collect() {
  return typeof gc === "function" ? gc() : TestUtils.gc();
}

function begun(kept) {
  const pc = new RTCPeerConnection();
  if (kept) kept.push(pc);
  return new Promise((resolve) => {
    pc.onsignalingstatechange = () => resolve("fires");
    pc.addTransceiver("audio");
    pc.setLocalDescription();
  });
}

async function ended(kept) {
  const outcome = begun(kept);
  await collect();
  const never = new Promise((resolve) => {
    setTimeout(resolve, 300, "does not fire");
  });
  return Promise.race([outcome, never]);
}

export async function seen() {
  let told = specified;
  for (let tries = 0; tries < 20 && told === specified; tries += 1) {
    const kept = [];
    told = `kept: ${await ended(kept)}, let go: ${await ended(null)}`;
    for (const pc of kept) pc.close();
  }
  return told;
}
