import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@finops/platform/db/embedded-postgres";
import { silentLog } from "@finops/platform/observe/log";
import { startTestRedis, type TestRedis } from "@finops/platform/testing/redis-server";
import { startS3Emulator } from "@finops/platform/testing/s3-emulator";
import { makeTestFolder } from "@finops/platform/testing/test-server";
import { type ClickHouseFace, startClickHouseFace } from "@finops/warehouse/testing/clickhouse-face";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** What several processes of the server share, all in programs of their own. */
export interface ProcessSet {
  postgres: EmbeddedPostgres;
  redis: TestRedis;
  clickHouse: ClickHouseFace;
  s3Endpoint: string;
  /** The data folders of its processes lie in it, by their names. */
  root: string;
  /** What each of them is told. */
  env: NodeJS.ProcessEnv;
  stopPostgres(): Promise<void>;
  /** With what it kept, at the same address. */
  startPostgres(): Promise<void>;
  /** Starts one of the processes, on a data folder of that name. */
  start(name: string, env: NodeJS.ProcessEnv): ServerProcess;
  stop(): Promise<void>;
}

export interface ProcessSetOptions {
  /** Where people reach all of its processes. */
  publicUrl?: string;
  /** Where PostgreSQL and ClickHouse keep their data, if not in folders that go with the set. */
  postgresDir?: string;
  clickHouseDir?: string;
}

/** The stores of a process set, empty. */
export async function startProcessSet(options: ProcessSetOptions = {}): Promise<ProcessSet> {
  const { publicUrl = "http://localhost", postgresDir = makeTestFolder(), clickHouseDir } = options;
  const root = mkdtempSync(join(tmpdir(), "finops-processes-"));
  const startPostgres = () => startEmbeddedPostgres({ dataDir: postgresDir, log: silentLog, durability: "none" });
  const starting = [startPostgres(), startTestRedis(), startS3Emulator(), startClickHouseFace(clickHouseDir)] as const;
  const [postgres, redis, s3, clickHouse] = await Promise.all(starting).catch(async (error: unknown) => {
    await stopStarted(starting);
    for (const folder of [root, postgresDir]) rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const { bucket } = await s3.createBucket();
  const shared = {
    DATABASE_URL: postgres.appUrl,
    FINOPS_REDIS_URL: redis.url,
    FINOPS_S3_BUCKET: bucket,
    FINOPS_S3_ENDPOINT: s3.endpoint,
    FINOPS_S3_PATH_STYLE: "1",
    FINOPS_S3_ACCESS_KEY_ID: "test",
    FINOPS_S3_SECRET_ACCESS_KEY: "test",
    FINOPS_CLICKHOUSE_URL: clickHouse.url,
    FINOPS_CLICKHOUSE_ROW_POLICIES: "configured",
    FINOPS_MASTER_KEY: randomBytes(32).toString("base64"),
    FINOPS_PUBLIC_URL: publicUrl,
  };
  const started: ServerProcess[] = [];
  let running = postgres;
  return {
    postgres,
    redis,
    clickHouse,
    s3Endpoint: s3.endpoint,
    root,
    env: shared,
    stopPostgres: () => running.stop(),
    async startPostgres() {
      running = await startPostgres();
    },
    start(name, env) {
      const dataDir = join(root, name);
      mkdirSync(dataDir, { recursive: true });
      const server = startServerProcess(dataDir, { env: { ...shared, ...env } });
      started.push(server);
      return server;
    },
    async stop() {
      for (const { child } of started) child.kill("SIGKILL");
      await Promise.all(started.map(({ ended }) => ended));
      await Promise.all([redis.stop(), s3.stop(), clickHouse.close(), running.stop()]);
      for (const folder of [root, postgresDir]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends what did start where something else did not, such as Redis on a machine that has none. */
async function stopStarted(
  starting: readonly Promise<{ stop: () => Promise<unknown> } | { close: () => Promise<unknown> }>[],
): Promise<void> {
  for (const outcome of await Promise.allSettled(starting)) {
    if (outcome.status === "rejected") continue;
    const { value } = outcome;
    await ("stop" in value ? value.stop() : value.close());
  }
}
