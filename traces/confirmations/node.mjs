// Runs one script with one package: `node node.mjs PACKAGE FOLDER SCRIPT`, the package being installed in
// FOLDER/node_modules. Prints RESULT and what the script told, as JSON. With no SCRIPT: the version.

import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import path from "node:path";
import {pathToFileURL} from "node:url";

const [packaged, folder, file] = process.argv.slice(2);
const manifest = path.resolve(folder, "node_modules", packaged, "package.json");
if (file === undefined) {
  console.log(JSON.parse(readFileSync(manifest, "utf-8")).version);
} else {
  const library = createRequire(manifest)(path.dirname(manifest));
  const script = await import(pathToFileURL(path.resolve(file)));
  const seen = await script.seen(library);
  console.log(`\nRESULT ${JSON.stringify([script.specified, seen])}`);
  process.exit(0); // the library may have sockets and timers left
}
