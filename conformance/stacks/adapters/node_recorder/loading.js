// Loads a library from the folder that it is installed in.

import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import path from "node:path";

/** The library and its version; libraries need not export their package.json. */
export function loaded(packaged, folder) {
  const manifest = path.resolve(folder, "node_modules", packaged, "package.json");
  const {version} = JSON.parse(readFileSync(manifest, "utf-8"));
  return {library: createRequire(manifest)(path.dirname(manifest)), version};
}
