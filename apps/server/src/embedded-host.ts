import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { systemClock } from "@finops/kernel/clock";
import { type DataFolder, lockDataFolder } from "@finops/platform/data-folder";
import { openDatabase } from "@finops/platform/db/database";
import { startEmbeddedPostgres } from "@finops/platform/db/embedded-postgres";
import { migrate } from "@finops/platform/db/migrate";
import { type CompanyCreation, companyCreations, type Host } from "@finops/platform/host";
import { requeueExpired } from "@finops/platform/jobs/work-items";
import type { Logger } from "@finops/platform/observe/log";
import { createNodeDomainProof } from "@finops/platform/tenancy/node-domain-proof";
import { readSignInSetup } from "@finops/platform/identity/oidc/providers";
import { createNodeSaml } from "@finops/platform/identity/saml/node-saml";
import { createOutsideFetch } from "@finops/platform/network/outside-fetch";
import { createEnvelopeVault } from "@finops/platform/secrets/envelope-vault";
import { readMasterKeys } from "@finops/platform/secrets/master-keys";
import { rotateSecrets, type Rotation } from "@finops/platform/secrets/rotate-secrets";
import { createEngineProcesses } from "@finops/pipeline/engine/engine-runner";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import { sweep } from "@finops/pipeline/publish/sweep";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import { openCostEngine } from "./cost-engine.ts";
import type { Paths } from "./paths.ts";
import { readFiles } from "./read-files.ts";
import { readMail } from "./read-mail.ts";

export interface EmbeddedOptions {
  dataDir: string;
  /** How this process is named to one that comes second, such as `finops start`. */
  purpose: string;
  log: Logger;
  baseUrl: string;
  paths: Paths;
  engineMemoryMb?: number;
}

/** Everything of one box: PostgreSQL, DuckDB (or ClickHouse, where it is named), a folder of files, and the engine's child processes. */
export interface EmbeddedHost {
  host: Host;
  pipeline: PipelineHost;
  store: CostStore;
  folder: DataFolder;
  /** Settles when PostgreSQL ended without being asked to. */
  crashed: Promise<string>;
  /** Seals all secrets under a new master key; see secrets/rotate-secrets.ts. */
  rotateSecrets(): Promise<Rotation>;
  /** Gives everybody who has secrets a new data key; returns how many were made. */
  renewDataKeys(): Promise<number>;
  announce(url: string): void;
  close(): Promise<void>;
}

/** Takes the data folder, starts what it needs, brings the schema up to date and clears what a crash left behind. */
export async function openEmbeddedHost(options: EmbeddedOptions): Promise<EmbeddedHost> {
  const { log, paths } = options;
  const lock = lockDataFolder(options.dataDir, options.purpose);
  const { folder } = lock;
  const undo: (() => Promise<void> | void)[] = [() => lock.release()];
  const close = async () => {
    for (const step of undo.toReversed()) await step();
    undo.length = 0;
  };
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: folder.postgresDir, log });
    undo.push(() => postgres.stop());
    await migrate({ ownerUrl: postgres.ownerUrl, migrationsDir: paths.migrations });
    const db = openDatabase({ appUrl: postgres.appUrl });
    undo.push(() => db.close());
    const files = await readFiles(process.env, folder);
    const workDir = join(folder.tmpDir, "work");
    mkdirSync(workDir, { recursive: true });
    let masterKeys: readonly Uint8Array[] = readMasterKeys(process.env, folder.root);
    const vault = createEnvelopeVault(db, () => masterKeys);
    const host: Host = {
      db,
      files,
      clock: systemClock,
      log,
      mail: readMail(process.env, systemClock),
      vault,
      signIn: readSignInSetup(process.env, createOutsideFetch),
      saml: createNodeSaml(),
      baseUrl: options.baseUrl,
      domains: createNodeDomainProof(),
      companyCreation: readCompanyCreation(process.env),
    };
    const engine = createEngineProcesses({
      tempDir: workDir,
      program: paths.engineProcess,
      ...(options.engineMemoryMb === undefined ? {} : { memoryMb: options.engineMemoryMb }),
    });
    undo.push(() => engine.close());
    const costs = await openCostEngine(process.env, { warehouseDir: folder.warehouseDir, workDir, engine });
    undo.push(() => costs.close());
    const pipeline: PipelineHost = {
      engine,
      workDir,
      periods: costs.periods,
    };
    // This process holds the folder, so nobody else can be at work: what still runs in the books died with its process.
    await requeueExpired(db, { evenIfLeased: true });
    const keepStates = readKeepStates(process.env);
    await sweep(host, pipeline, { evenIfLeased: true, ...(keepStates === null ? {} : { keepStates }) });
    return {
      host,
      pipeline,
      store: costs.store,
      folder,
      crashed: postgres.crashed,
      rotateSecrets: () =>
        rotateSecrets({ vault, env: process.env, dataDir: folder.root, take: (keys) => (masterKeys = keys) }),
      renewDataKeys: () => vault.renew(),
      announce: (url) => lock.announceServer(url),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * How many states of each month the start leaves, from `FINOPS_KEEP_STATES`; null keeps all.
 * @throws invalid for what is no whole number from 1 on
 */
export function readKeepStates(env: NodeJS.ProcessEnv): number | null {
  const text = env["FINOPS_KEEP_STATES"] ?? "";
  if (text === "") return null;
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new AppError("invalid", `FINOPS_KEEP_STATES takes a whole number from 1 on, not "${text}".`);
  return Number(text);
}

/** Who makes companies, from `FINOPS_COMPANY_CREATION`. @throws invalid for another word */
export function readCompanyCreation(env: NodeJS.ProcessEnv): CompanyCreation {
  const text = env["FINOPS_COMPANY_CREATION"] ?? "";
  if (text === "") return "owners";
  const found = companyCreations.find((one) => one === text);
  if (found === undefined)
    throw new AppError("invalid", `FINOPS_COMPANY_CREATION takes ${companyCreations.join(" or ")}, not "${text}".`);
  return found;
}
