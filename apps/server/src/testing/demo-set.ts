import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createLog } from "@finops/platform/observe/log";
import { firstStart } from "../first-start.ts";
import { findPaths } from "../paths.ts";
import { readOutsideDatabase } from "../process-settings.ts";
import { openSharedHost } from "../shared-host.ts";
import { type ProcessSet, startProcessSet } from "./process-set.ts";

const demoRows = 30_000;
/** Providers to sign in with that a journey starts are on this machine. */
const ofApi = { FINOPS_ROLE: "api", FINOPS_HTTP_ISSUERS: "1" };

/** A process set with the demo company, for the journeys of a browser. */
export interface DemoSet extends ProcessSet {
  apiUrls: string[];
  /** Where what the processes print is written, mails among it; beside it lies the operator's key of the first API process. */
  printedPath: string;
  /** Makes the demo company, and gives a link that signs its owner in, once. */
  makeDemo(): Promise<string>;
}

/** Two API processes and one that works. @param publicUrl where people reach the platform */
export async function startDemoSet(publicUrl: string): Promise<DemoSet> {
  const set = await startProcessSet({ publicUrl });
  const apis = [
    set.start("api-1", { ...ofApi, FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl }),
    set.start("api-2", ofApi),
  ];
  const worker = set.start("worker-1", { FINOPS_ROLE: "worker" });
  const printedPath = join(set.root, "api-1", "printed.txt");
  for (const { child } of [...apis, worker])
    for (const stream of [child.stdout, child.stderr])
      stream!.on("data", (chunk: Buffer) => appendFileSync(printedPath, chunk));
  try {
    const apiUrls = await Promise.all(apis.map((api) => api.ready()));
    await worker.ready();
    return { ...set, apiUrls, printedPath, makeDemo: () => makeDemo(set, publicUrl) };
  } catch (error) {
    await set.stop();
    throw error;
  }
}

/** By one more process of the set, which is this one. */
async function makeDemo(set: ProcessSet, publicUrl: string): Promise<string> {
  Object.assign(process.env, set.env);
  const dataDir = join(set.root, "first");
  mkdirSync(dataDir);
  const options = {
    dataDir,
    purpose: "journeys",
    log: createLog({ level: "error" }),
    baseUrl: publicUrl,
    paths: findPaths(),
  };
  const server = await openSharedHost(options, readOutsideDatabase(process.env, "all")!);
  try {
    return await firstStart(server, publicUrl, { demoRows });
  } finally {
    await server.close();
  }
}
