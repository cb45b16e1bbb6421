// `pnpm test:all`, the tests of `make test`: Vitest with the coverage gate, then the browser tests. Both leave their results
// as JSON in reports/, which .ci/run counts.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";

const reports = resolve("reports");
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

// Servers that tests start are the built ones.
if (run(process.execPath, ["scripts/ready.mjs", "start"]) !== 0) process.exit(1);

const vitest = run("node_modules/.bin/vitest", [
  "run",
  "--coverage",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${reports}/vitest.json`,
]);

const browser = run("apps/web/e2e/node_modules/.bin/playwright", ["test", "--reporter=list,json"], {
  cwd: resolve("apps/web/e2e"),
  env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: `${reports}/playwright.json` },
});

process.exitCode = vitest === 0 && browser === 0 ? 0 : 1;

function run(program: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): number {
  return spawnSync(resolve(program), args, { stdio: "inherit", ...options }).status ?? 1;
}
