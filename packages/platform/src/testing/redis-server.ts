import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { findFreePort, findProgram } from "./find-program.ts";
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

/**
 * A Redis server of its own on a free port, which keeps nothing. About a tenth of a second.
 * @param tls the files of a certificate for localhost and its key
 */
export async function startTestRedis(tls?: { cert: string; key: string }): Promise<TestRedis> {
  const program = findProgram(["redis-server", "valkey-server"]);
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
