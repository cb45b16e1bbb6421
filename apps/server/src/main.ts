import { AppError, errorStatus } from "@finops/kernel/app-error";
import { createLog } from "@finops/platform/observe/log";
import { openEmbeddedHost } from "./embedded-host.ts";
import { firstStart } from "./first-start.ts";
import { findPaths } from "./paths.ts";
import { serve } from "./serve.ts";

/** `PORT` (3000), `FINOPS_DATA` (./data), `FINOPS_DEMO_ROWS` (300000; 0 starts empty), `FINOPS_LOG` (warn). */
async function main(): Promise<void> {
  const port = Number(process.env.PORT ?? 3000);
  const dataDir = process.env.FINOPS_DATA ?? "./data";
  const log = createLog({ level: process.env.FINOPS_LOG ?? "warn" });
  const paths = findPaths();
  console.log("Starting on embedded PostgreSQL and DuckDB …");
  const embedded = await openEmbeddedHost({ dataDir, purpose: "finops start", log, baseUrl: `http://localhost:${port}`, paths });
  let stopping: Promise<void> | null = null;
  const served = await serve(embedded, { port, webDir: paths.web }).catch(async (error: unknown) => {
    await embedded.close();
    throw error;
  });
  const stop = (code: number) => {
    stopping ??= served
      .stop()
      .then(() => embedded.close())
      .then(() => process.exit(code));
  };
  process.on("SIGINT", () => stop(0));
  process.on("SIGTERM", () => stop(0));
  void embedded.crashed.then((sentence) => {
    if (stopping !== null) return;
    console.error(sentence);
    stop(1);
  });
  await firstStart(embedded, served.url, { demoRows: Number(process.env.FINOPS_DEMO_ROWS ?? 300_000) });
}

main().catch((error: unknown) => {
  console.error(error instanceof AppError ? error.message : error);
  process.exit(error instanceof AppError ? errorStatus[error.code].exit : 1);
});
