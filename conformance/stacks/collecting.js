// Garbage collection, where an engine lets scripts ask for it: `gc()` of V8 (--expose-gc), or
// `TestUtils.gc()` of Gecko (the preference dom.testing.testutils.enabled), which is done a task later.

/** Whether a script can ask for it. */
export function canCollectGarbage() {
  return typeof gc === "function" || typeof TestUtils === "object";
}

/** Asks for it. */
export function collectGarbage() {
  if (typeof gc === "function") gc();
  else TestUtils.gc();
}
