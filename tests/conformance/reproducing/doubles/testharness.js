// A double of testharness.js: as much of it as reproductions use. With the real one, name its file
// in NEGOTIATION_TESTHARNESS.
(() => {
  const finished = [];
  let left = 0;
  let told = null;
  window.assert_false = (actual, description) => {
    if (actual !== false) throw new Error(`assert_false: ${description} expected false got ${actual}`);
  };
  window.add_completion_callback = (callback) => {
    told = callback;
  };
  window.promise_test = async (body, name) => {
    left += 1;
    await new Promise((resolve) => addEventListener("load", resolve, {once: true}));
    const test = {name, status: 0, message: null};
    try {
      await body(test);
    } catch (error) {
      Object.assign(test, {status: 1, message: error.message});
    }
    finished.push(test);
    left -= 1;
    if (left === 0 && told) told(finished, {status: 0, message: null});
  };
})();
