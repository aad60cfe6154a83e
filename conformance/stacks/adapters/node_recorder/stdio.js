// The protocol as JSON lines over standard input and output.

import {writeSync} from "node:fs";
import {createInterface} from "node:readline";

import {Recorder} from "../../serving.js";

const OUTPUT = 1;

/** Writes all of it before it returns: what was observed is told although the process dies next. */
function send(message) {
  let left = Buffer.from(`${JSON.stringify(message)}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(OUTPUT, left));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error; // a full pipe that does not block: again
    }
  }
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch (error) {
    send({kind: "failed", error: `no JSON: ${error.message}`});
    return null;
  }
}

/**
 * Runs programs, one after the other, until standard input ends. Commands come while a program is
 * under way, so that it is not waited for before the next line is taken.
 */
export async function serve({stack, source}, agent) {
  const recorder = new Recorder(stack, source, send);
  let running = null;
  recorder.hello(agent);
  for await (const line of createInterface({input: process.stdin})) {
    const told = parsed(line);
    if (!told) continue;
    const taken = recorder.take(told);
    if (told.program) running = taken;
  }
  if (recorder.commands) recorder.take({end: true}); // nobody asks for more
  await running;
  process.exit(); // a library may still have sockets and timers
}
