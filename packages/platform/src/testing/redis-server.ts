import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { type SharedRedisOptions, openSharedRedis, type SharedRedis } from "../redis/shared-redis.ts";

export interface TestRedis {
  url: string;
  /** Where it speaks TLS; null without a certificate. */
  tlsUrl: string | null;
  /** Asks it something beside what is tested. */
  call(command: string, ...args: string[]): Promise<unknown>;
  /** The server's process, for tests that stop and continue it. */
  pid(): number;
  /** Ends it without a word, as a machine that loses its power. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with nothing of before. */
  restart(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** Where scripts/ensure-redis.sh leaves one, if the machine has none. */
const unpacked = fileURLToPath(new URL("../../../../node_modules/.cache/redis/redis-server", import.meta.url));

/**
 * A Redis server of its own on a free port, which keeps nothing. About a tenth of a second.
 * @param tls the files of a certificate for localhost and its key
 */
export async function startTestRedis(tls?: { cert: string; key: string }): Promise<TestRedis> {
  const program = findProgram();
  const port = await findFreePort();
  const tlsPort = tls === undefined ? null : await findFreePort();
  const args =
    tls === undefined
      ? []
      : `--tls-port ${tlsPort} --tls-auth-clients no --tls-cert-file ${tls.cert} --tls-key-file ${tls.key}`.split(" ");
  let child = await start(program, port, args);
  const endWithTest = () => void child.kill("SIGKILL");
  process.once("exit", endWithTest);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    tlsUrl: tlsPort === null ? null : `rediss://localhost:${tlsPort}`,
    async call(command, ...args) {
      const client = new Redis(url);
      try {
        return await client.call(command, ...args);
      } finally {
        client.disconnect();
      }
    },
    pid: () => child.pid!,
    kill,
    async restart() {
      await kill();
      child = await start(program, port, args);
    },
    async stop() {
      process.removeListener("exit", endWithTest);
      await kill();
    },
  };
}

/** What one process has of a Redis, once that answers. */
export async function openTestProcess(options: SharedRedisOptions): Promise<SharedRedis> {
  const redis = openSharedRedis(options);
  const answers = () =>
    redis.publish("none", "").then(
      () => true,
      () => false,
    );
  while (!(await answers())) await sleep(10);
  return redis;
}

async function start(program: string, port: number, args: readonly string[]): Promise<ChildProcess> {
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", ...args];
  const child = spawn(program, settings, { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      if (/ready to accept connections/i.test(line)) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}:\n${lines.join("\n")}`)));
  });
  return child;
}

function findProgram(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["redis-server", "valkey-server"].flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [...names, unpacked].find(isProgram);
  if (found === undefined) throw new Error("There is no Redis server for this test. Run scripts/ensure-redis.sh once.");
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
