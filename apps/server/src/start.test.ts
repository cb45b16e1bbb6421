import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  leftRunning,
  processesOn,
  serverProgram,
  type ServerProcess,
  startServerProcess,
} from "./testing/server-process.ts";

let root: string;
const started: ServerProcess[] = [];
const start = (...args: Parameters<typeof startServerProcess>) => {
  const server = startServerProcess(...args);
  started.push(server);
  return server;
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "finops-start-"));
  // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
  chmodSync(root, 0o711);
});
afterEach(async () => {
  for (const { child } of started) child.kill("SIGKILL");
  await Promise.all(started.splice(0).map(({ ended }) => ended));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const isReady = async (url: string) => (await fetch(`${url}/readyz`)).status;

// Linux tells by /proc what runs on a folder.
describe.skipIf(process.platform !== "linux")("two starts at once", { timeout: 180_000 }, () => {
  it("on one data folder: the second is refused, and told where the first answers", async () => {
    const data = join(root, "one");
    const first = start(data);
    const url = await first.ready();
    const second = start(data);
    expect(await second.ended).toBe(5);
    expect(second.output()).toContain(
      `The data folder ${data} is in use by finops start (process ${first.child.pid}). It answers at ${url}: use that, or stop it first.`,
    );
    expect(await isReady(url)).toBe(200);

    first.child.kill("SIGINT");
    expect(await first.ended).toBe(0);
    expect(processesOn(data)).toEqual([]);
  });

  it("on two data folders: both run, and neither ends the other", async () => {
    const [left, right] = [start(join(root, "left")), start(join(root, "right"))];
    const urls = await Promise.all([left.ready(), right.ready()]);
    expect(urls[0]).not.toBe(urls[1]);
    left.child.kill("SIGTERM");
    expect(await left.ended).toBe(0);
    expect(await isReady(urls[1])).toBe(200);
    expect(await leftRunning(join(root, "left"))).toEqual([]);
  });
});

describe.skipIf(process.platform !== "linux")("after a kill -9", { timeout: 180_000 }, () => {
  it("of the server nothing of it runs on, and the next start works by itself", async () => {
    const data = join(root, "killed");
    const first = start(data);
    await first.ready();
    first.child.kill("SIGKILL");
    await first.ended;
    // At once, while PostgreSQL may still be on its way out.
    const next = start(data);
    expect(await isReady(await next.ready())).toBe(200);
    next.child.kill("SIGKILL");
    await next.ended;
    expect(await leftRunning(data)).toEqual([]);
  });

  it("of its PostgreSQL the server ends with a sentence, and the next start works by itself", async () => {
    const data = join(root, "postgres");
    const first = start(data);
    await first.ready();
    const postgres = processesOn(data).find((line) => / -D /.test(line))!;
    process.kill(Number(postgres.split(" ")[0]), "SIGKILL");
    expect(await first.ended).toBe(1);
    expect(first.output()).toMatch(/PostgreSQL/);
    expect(await isReady(await start(data).ready())).toBe(200);
  });
});

describe.skipIf(process.platform !== "linux")("a user without rights", { timeout: 180_000 }, () => {
  it("starts the server on a folder of its own", async ({ skip }) => {
    if (process.getuid!() !== 0) return skip("The other tests have shown it: none of them runs as root.");
    const user = idsOf("nobody");
    const mayRead = spawnSync(
      process.execPath,
      ["-e", `require("node:fs").accessSync(${JSON.stringify(serverProgram)})`],
      user,
    );
    if (mayRead.status !== 0) return skip("This checkout lies where only root may read.");
    const data = join(root, "nobody");
    mkdirSync(data);
    chownSync(data, user.uid, user.gid);
    const server = start(data, { user, env: { HOME: data, TMPDIR: undefined } });
    expect(await isReady(await server.ready())).toBe(200);
    server.child.kill("SIGINT");
    expect(await server.ended).toBe(0);
    expect(await leftRunning(data)).toEqual([]);
  });

  it("is told so when the data folder is somebody else's", async ({ skip }) => {
    if (process.getuid!() !== 0) return skip("Only root can make a folder that is somebody else's.");
    const data = join(root, "of-root");
    mkdirSync(data, { mode: 0o700 });
    const server = start(data, { user: idsOf("nobody") });
    expect(await server.ended).toBe(5);
    expect(server.output()).toMatch(/Set FINOPS_DATA to a folder that you own\./);
  });
});

function idsOf(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}
