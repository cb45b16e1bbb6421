// `pnpm -s finops …`: the command line of apps/cli, from the bundle where it is fresh, else from the sources.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isBuilt } from "./freshness.mjs";

const main = resolve(isBuilt("cli") ? "apps/cli/dist/main.js" : "apps/cli/src/main.ts");
if (!existsSync(main)) {
  console.error("apps/cli is not here. Run this from the root of the repository.");
  process.exit(1);
}
if (main.endsWith(".ts")) {
  const { register } = await import("tsx/esm/api");
  register();
}
process.argv[1] = main;
await import(pathToFileURL(main).href);
