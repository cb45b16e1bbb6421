// `pnpm check:worker`: bundles the Worker for every environment as a deployment would, and fails where it is too large.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What Cloudflare takes of a free account, and what starts quickly. */
const gzipBytesMax = 3_000_000;
const folder = "apps/worker";
const out = join(folder, "dist/worker");

execFileSync(process.execPath, ["build.mjs"], { cwd: folder, stdio: "inherit" });
for (const environment of ["dev", "staging", "prod"]) {
  execFileSync("node_modules/.bin/wrangler", ["deploy", "--dry-run", "--env", environment, "--outdir", "dist/worker"], {
    cwd: folder,
    env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "error" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const sent = readdirSync(out).filter((name) => /\.(js|wasm)$/.test(name));
  const bytes = sent.reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name))).byteLength, 0);
  console.log(`${environment}: ${sent.length} modules, ${Math.round(bytes / 1000)} kB by gzip`);
  if (bytes > gzipBytesMax) {
    console.error(`The Worker may have ${gzipBytesMax / 1_000_000} MB by gzip. Look at what came in.`);
    process.exitCode = 1;
  }
}
