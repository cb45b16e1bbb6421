// `pnpm test:hosts [embedded|set|worker] [JOURNEY…]`: the browser's journeys, or some of them, on one host, or on all three one after
// the other: what `make start` has, two API processes behind a balancer, or the Worker in workerd. On the last two the demo
// company lies on PostgreSQL, Redis, an S3 emulator and ClickHouse's engine, and one process works for it.
import { spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { startOnSet } from "./on-set.ts";
import { startOnWorker } from "./on-worker.ts";
import type { StartedHost } from "./started-host.ts";

const hosts: Record<string, () => Promise<StartedHost>> = {
  // The journeys start it themselves.
  embedded: async () => ({ env: {}, stop: async () => undefined }),
  set: startOnSet,
  worker: startOnWorker,
};

const [first = "", ...rest] = process.argv.slice(2);
process.exitCode = Object.hasOwn(hosts, first)
  ? await journeysOn(first, rest)
  : await journeysOnEach(process.argv.slice(2));

async function journeysOn(name: string, journeys: readonly string[]): Promise<number> {
  console.log(`The journeys on the host "${name}"`);
  // The demo is made in this process, which takes settings from its environment; what it starts gets those that it was given.
  const ownEnv = { ...process.env };
  const started = await hosts[name]!();
  try {
    const env = { ...ownEnv, ...started.env };
    return await run(resolve("apps/web/e2e/node_modules/.bin/playwright"), ["test", ...journeys], {
      cwd: resolve("apps/web/e2e"),
      env,
    });
  } finally {
    await started.stop();
  }
}

/** Each in a process of its own, since a host takes its settings from the environment. */
async function journeysOnEach(journeys: readonly string[]): Promise<number> {
  let worst = 0;
  for (const name of Object.keys(hosts)) {
    const code = await run(process.execPath, [...process.execArgv, process.argv[1]!, name, ...journeys], {});
    worst ||= code;
  }
  return worst;
}

/** The balancer is in this process too, so nothing here may wait without letting go. */
async function run(program: string, args: readonly string[], options: SpawnOptions): Promise<number> {
  const [code] = (await once(spawn(program, args, { stdio: "inherit", ...options }), "exit")) as [number | null];
  return code ?? 1;
}
