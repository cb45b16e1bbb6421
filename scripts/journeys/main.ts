// `pnpm test:journeys-on set|worker [JOURNEY…]`: the browser's journeys, or some of them, on another host than `make start` has:
// two API processes behind a balancer, or the Worker in workerd. The demo company lies on PostgreSQL, Redis, an S3 emulator and
// ClickHouse's engine, and one process works for it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { startOnSet } from "./on-set.ts";
import { startOnWorker } from "./on-worker.ts";

const hosts = { set: startOnSet, worker: startOnWorker };

const [host = "", ...journeys] = process.argv.slice(2);
if (!Object.hasOwn(hosts, host))
  throw new Error("Write `pnpm test:journeys-on set` or `pnpm test:journeys-on worker`.");
// The demo is made in this process, which takes settings from its environment; what it starts gets those that it was given.
const ownEnv = { ...process.env };
const started = await hosts[host as keyof typeof hosts]();
try {
  // The balancer is in this process too, so nothing here may wait without letting go.
  const playwright = spawn(resolve("apps/web/e2e/node_modules/.bin/playwright"), ["test", ...journeys], {
    cwd: resolve("apps/web/e2e"),
    stdio: "inherit",
    env: { ...ownEnv, ...started.env },
  });
  const [code] = (await once(playwright, "exit")) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await started.stop();
}
