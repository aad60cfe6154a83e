// When is it quiet? Measurements for `idle`, and fresh tasks of the event loop.
//
// Quiet is never assumed from a delay alone: promises that should settle are waited for first, and
// a fresh peer connection's createOffer shows that the stack's own threads get to run. How long
// that canary takes tells how busy the machine is, and so how long to listen.

const CANARIES_WORTH = 3;
const STALL = 50; // ms by which a timer may be late before the time counts as lost

export function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/**
 * Runs `body` directly in a new task, not in a microtask of one, and gives what it returns.
 *
 * A message and not a timer: browsers clamp timers and let them wait, so that what is still under
 * way may or may not get in between. Measured, this is the way that repeats itself best.
 */
export function inNewTask(body) {
  return new Promise((resolve, reject) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      try {
        resolve(body());
      } catch (error) {
        reject(error);
      }
    };
    channel.port2.postMessage(null);
  });
}

/** How long a fresh connection's createOffer takes, in milliseconds; null if it does not settle. */
async function canary(stack, longest) {
  const connection = stack.connection();
  const began = performance.now();
  const offered = stack.answers(connection).then(
    () => performance.now() - began,
    () => performance.now() - began,
  );
  const took = await Promise.race([offered, pause(longest).then(() => null)]);
  connection.close();
  return took;
}

/** Counts turns until the time needed has passed; stops at an observation or a stall. */
async function listen(run, seen, needed, {quiet, turns}) {
  const step = quiet / turns;
  const began = performance.now();
  let turned = 0;
  let undisturbed = true;
  while (undisturbed && (turned < turns || performance.now() - began < needed)) {
    const before = performance.now();
    await pause(step);
    turned += 1;
    undisturbed = run.count === seen && performance.now() - before < step + STALL;
  }
  return {turns: turned, undisturbed};
}

/** One attempt: `enough` tells whether nothing happened for as long as it takes here. */
export async function measure(run, options) {
  const seen = run.count;
  const took = await canary(run.stack, options.patience);
  run.connections += 1;
  const needed = Math.max(options.quiet, CANARIES_WORTH * (took || 0));
  const {turns, undisturbed} = await listen(run, seen, needed, options);
  const sung = took !== null && run.count === seen;
  const silent = Math.round((performance.now() - run.last) * 1000) / 1000;
  return {quiet: silent, turns, canary: sung, enough: sung && undisturbed};
}

async function promisesSettled(run, end) {
  while (run.shouldSettle() && performance.now() < end) await pause(1);
}

/** Waits until it is quiet, at most `patience` milliseconds for each of promises and silence. */
export async function settle(run, options) {
  await promisesSettled(run, performance.now() + options.patience);
  const end = performance.now() + options.patience;
  let measured = await measure(run, options);
  while (!measured.enough && performance.now() < end) {
    await promisesSettled(run, end);
    measured = await measure(run, options);
  }
  return measured;
}
