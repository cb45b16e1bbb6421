import { parseDay } from "@finops/kernel/period";
import { createLog } from "@finops/platform/observe/log";
import { costEngineName } from "./cost-engine.ts";
import { openEmbeddedHost } from "./embedded-host.ts";
import { firstStart } from "./first-start.ts";
import { findPaths } from "./paths.ts";
import { readPublicUrl } from "./public-url.ts";
import { openRedisParts, readRedis } from "./redis-parts.ts";
import { serve } from "./serve.ts";
import { readTlsFiles } from "./tls-files.ts";
import { readCountryHeader, readTrustedProxies } from "./trusted-proxies.ts";

export interface ServerOptions {
  port: number;
  dataDir: string;
}

/**
 * Runs the platform on a data folder until it is told to stop; then everything it started is stopped too. Reads
 * `FINOPS_DEMO_ROWS` (300000; 0 starts empty), `FINOPS_DEMO_END` (the last day that the demo is billed for, such as
 * 2026-10-20: the same figures on every day; else today), `FINOPS_LOG` (warn), `FINOPS_PUBLIC_URL` (where a proxy is reached),
 * `FINOPS_CLICKHOUSE_URL` (see cost-engine.ts), `FINOPS_REDIS_URL` with `FINOPS_REDIS_PREFIX` (what processes share),
 * `FINOPS_TRUST_PROXY`, `FINOPS_COUNTRY_HEADER`, `FINOPS_COMPANY_CREATION` (owners), and `FINOPS_TLS_CERT` with `FINOPS_TLS_KEY` for HTTPS.
 */
export async function runServer({ port, dataDir }: ServerOptions): Promise<void> {
  const log = createLog({ level: process.env.FINOPS_LOG ?? "warn" });
  const paths = findPaths();
  const tls = readTlsFiles(process.env);
  const redisSettings = readRedis(process.env);
  console.log(`Starting on embedded PostgreSQL and ${costEngineName(process.env)} …`);
  const embedded = await openEmbeddedHost({
    dataDir,
    purpose: "finops start",
    log,
    baseUrl: readPublicUrl(process.env, port, tls),
    paths,
  });
  let stopping: Promise<void> | null = null;
  const demoRows = Number(process.env.FINOPS_DEMO_ROWS ?? 300_000);
  // Who starts empty still may ask for the demo later.
  const asked = demoRows > 0 ? { demoRows } : {};
  const [trustedProxies, countryHeader] = [readTrustedProxies(process.env), readCountryHeader(process.env)];
  const redis = redisSettings === null ? null : openRedisParts(redisSettings, embedded.host);
  const close = async () => {
    await redis?.close();
    await embedded.close();
  };
  const served = await serve(embedded, {
    port,
    webDir: paths.web,
    tls,
    trustedProxies,
    countryHeader,
    redis,
    ...asked,
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const stop = (code: number) => {
    stopping ??= served
      .stop()
      .then(close)
      .then(() => process.exit(code));
  };
  process.on("SIGINT", () => stop(0));
  process.on("SIGTERM", () => stop(0));
  void embedded.crashed.then((sentence) => {
    if (stopping !== null) return;
    console.error(sentence);
    stop(1);
  });
  const demoEnd = process.env.FINOPS_DEMO_END;
  await firstStart(embedded, served.url, {
    demoRows,
    ...(demoEnd === undefined ? {} : { demoEnd: parseDay(demoEnd) }),
  });
}
