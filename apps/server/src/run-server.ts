import { parseDay } from "@finops/kernel/period";
import { createLog } from "@finops/platform/observe/log";
import { openEmbeddedHost } from "./embedded-host.ts";
import type { HostOptions, ServerHost } from "./host-parts.ts";
import { findPaths } from "./paths.ts";
import {
  costEngineName,
  type OutsideDatabase,
  readListenHost,
  readOutsideDatabase,
  readRole,
} from "./process-settings.ts";
import { readPublicUrl } from "./public-url.ts";
import { openRedisParts, readRedis } from "./redis-parts.ts";
import type { Ending, Served } from "./serve.ts";
import { openTelemetryOf } from "./read-telemetry.ts";
import { readTlsFiles } from "./tls-files.ts";
import { readCountryHeader, readTrustedProxies } from "./trusted-proxies.ts";

export interface ServerOptions {
  port: number;
  dataDir: string;
}

/**
 * Runs the platform on a data folder until it is told to stop; then everything it started is stopped too. Alone it runs on an
 * embedded PostgreSQL; with `DATABASE_URL` it is one of several processes, of which `FINOPS_ROLE` says what each does. Every
 * setting is in .env.example.
 */
export async function runServer({ port, dataDir }: ServerOptions): Promise<void> {
  const role = readRole(process.env);
  const database = readOutsideDatabase(process.env, role);
  if (role === "migrate") return migrateOnly(database!);
  const opened = await openTelemetryOf(process.env);
  const log = createLog({
    level: process.env.FINOPS_LOG ?? "warn",
    ...(opened === null ? {} : { fieldsNow: opened.logFields, alsoTo: opened.sendLog }),
  });
  const paths = findPaths();
  const tls = readTlsFiles(process.env);
  const redisSettings = readRedis(process.env);
  console.log(
    `Starting on ${database === null ? "embedded PostgreSQL" : "PostgreSQL"} and ${costEngineName(process.env)} …`,
  );
  const hostOptions = {
    dataDir,
    purpose: "finops start",
    log,
    ...(opened === null ? {} : { telemetry: opened.telemetry }),
    baseUrl: readPublicUrl(process.env, port, tls),
    paths,
  };
  // What most of the program is in is loaded while the database starts.
  const [server, { serve }, { firstStart }] = await Promise.all([
    database === null ? openEmbeddedHost(hostOptions) : openShared(hostOptions, database),
    import("./serve.ts"),
    import("./first-start.ts"),
  ]);
  const demoRows = Number(process.env.FINOPS_DEMO_ROWS ?? 300_000);
  // Who starts empty still may ask for the demo later.
  const asked = demoRows > 0 ? { demoRows } : {};
  const [trustedProxies, countryHeader] = [readTrustedProxies(process.env), readCountryHeader(process.env)];
  const redis = redisSettings === null ? null : await openRedisParts(redisSettings, server, role);
  const close = async () => {
    await redis?.close();
    await server.close();
    await opened?.close();
  };
  const served = await serve(server, {
    port,
    listenHost: readListenHost(process.env),
    role,
    webDir: paths.web,
    tls,
    trustedProxies,
    countryHeader,
    redis,
    ...asked,
    ...(database === null ? {} : { ending }),
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  stopWhenTold(server, served, close);
  if (!server.isAlone) return console.log(`\nReady: ${served.url}\n`);
  const demoEnd = process.env.FINOPS_DEMO_END;
  await firstStart(server, served.url, {
    demoRows,
    ...(demoEnd === undefined ? {} : { demoEnd: parseDay(demoEnd) }),
  });
}

/** Within the 30 s that Kubernetes gives by itself. */
const ending: Ending = { drainMs: 5_000, graceMs: 15_000 };
const endMaxMs = 28_000;

function stopWhenTold(server: ServerHost, served: Served, close: () => Promise<void>): void {
  let stopping: Promise<void> | null = null;
  const stop = (code: number) => {
    // What is not done by then is what a crash leaves, which another process takes up.
    if (!server.isAlone) setTimeout(() => process.exit(code), endMaxMs).unref();
    stopping ??= served
      .stop()
      .then(close)
      .then(() => process.exit(code));
  };
  process.on("SIGINT", () => stop(0));
  process.on("SIGTERM", () => stop(0));
  void server.crashed.then((sentence) => {
    if (stopping !== null) return;
    console.error(sentence);
    stop(1);
  });
}

async function openShared(options: HostOptions, database: OutsideDatabase): Promise<ServerHost> {
  const { openSharedHost } = await import("./shared-host.ts");
  return openSharedHost(options, database);
}

async function migrateOnly(database: OutsideDatabase): Promise<void> {
  const { bringUpToDate } = await import("./shared-host.ts");
  const applied = await bringUpToDate(database, findPaths().migrations);
  console.log(applied.length === 0 ? "The database is up to date." : `Applied ${applied.join(", ")}.`);
}
