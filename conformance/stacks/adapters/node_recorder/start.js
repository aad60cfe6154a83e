// Starts the recorder in Node: `node start.js MODULE FOLDER`.
//
// The recorder is that of the pages, `recorder.js` with its modules, over standard input and output
// instead of a WebSocket. MODULE is a file beside this one, which knows one library: where its API
// is not the W3C's, which calls it lacks, how its tracks are made. FOLDER is where the library is
// installed, in FOLDER/node_modules. With --version, the library's version is printed instead.
//
// The words of the page mean this here:
//
// * A **task** of the runner is the message of a MessageChannel, as in a page. A promise's reactions
//   run when it is over, before anything else; what `process.nextTick` queued runs before them.
// * **Events** are what the library calls its listeners for. Whether it does so in a task of the
//   loop, in a microtask or within a call is up to the library: a recorder cannot know, and numbers
//   none of them.
//
// Standard output is for the protocol alone: what a library prints goes to standard error. A library
// that dies of a rejection that nobody took dies here, as it would in any program.

import {loaded} from "./loading.js";
import {serve} from "./stdio.js";

const [name, folder, ...options] = process.argv.slice(2);
const output = process.stdout;
Object.defineProperty(process, "stdout", {get: () => process.stderr});
const {make, packaged} = await import(`./${name}.js`);
const {library, version} = loaded(packaged, folder);
if (options.includes("--version")) output.write(`${packaged} ${version}\n`);
else serve(await make(library, version), `${packaged} ${version} on Node ${process.versions.node}`);
