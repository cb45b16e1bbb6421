import { spawnSync } from "node:child_process";

const parts = ["kernel", "mappings", "splits"];
const part = process.argv[2];
if (part && !parts.includes(part)) {
  console.error(`There is no part "${part}". Give one of ${parts.join(", ")}, or nothing for all.`);
  process.exit(2);
}

const stryker = spawnSync("tools/mutation/node_modules/.bin/stryker", ["run", "tools/mutation/stryker.config.mjs"], {
  stdio: "inherit",
  env: { ...process.env, ...(part ? { MUTATION_PART: part } : {}) },
});
process.exitCode = stryker.status ?? 1;
