// createOffer settles although nothing but its promise's reaction is left of the application.
//
// #dfn-chain, 7: the operation refers to the connection for as long as it is in the chain, and #create-an-offer,
// 4 to 6, queues a task for it that resolves the promise. What a script can see does not depend on
// when garbage is collected. The operation may win the race in one try, so that there are several.
export const specified = "kept: resolves, let go: resolves";

/** Needs `gc()` (Chromium: --js-flags=--expose-gc) or `TestUtils` (dom.testing.testutils.enabled). */
function collect() {
  return typeof gc === "function" ? gc() : TestUtils.gc();
}

function begun(kept) {
  const pc = new RTCPeerConnection();
  if (kept) kept.push(pc);
  return pc.createOffer().then(() => "resolves");
}

async function ended(kept) {
  const outcome = begun(kept);
  await collect();
  const never = new Promise((resolve) => {
    setTimeout(resolve, 300, "stays pending");
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
