import { hkdfSync } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { systemClock } from "@finops/kernel/clock";
import type { DataFolder } from "@finops/platform/data-folder";
import { type Database, defaultConnectionsMax } from "@finops/platform/db/database";
import { type CompanyCreation, companyCreations, type Host } from "@finops/platform/host";
import { readReach, readSignInSetup } from "@finops/platform/identity/oidc/providers";
import { createNodeSaml } from "@finops/platform/identity/saml/node-saml";
import { createOutsideFetch } from "@finops/platform/network/outside-fetch";
import { readSlackApp } from "@finops/platform/network/slack-app";
import type { Logger } from "@finops/platform/observe/log";
import { noTelemetry, type Telemetry } from "@finops/platform/observe/telemetry";
import { createEnvelopeVault } from "@finops/platform/secrets/envelope-vault";
import { readMasterKeys } from "@finops/platform/secrets/master-keys";
import { rotateSecrets, type Rotation } from "@finops/platform/secrets/rotate-secrets";
import { createNodeDomainProof } from "@finops/platform/tenancy/node-domain-proof";
import { createEngineProcesses } from "@finops/pipeline/engine/engine-runner";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import { openCostEngine } from "./cost-engine.ts";
import { observeCosts, observeEngine, watchDatabase } from "./observe-parts.ts";
import type { Paths } from "./paths.ts";
import { costEngineName } from "./process-settings.ts";
import { readFiles } from "./read-files.ts";
import { readMail } from "./read-mail.ts";
import type { Undo } from "./undo.ts";

export interface HostOptions {
  dataDir: string;
  /** How this process is named to one that comes second, such as `finops start`. */
  purpose: string;
  log: Logger;
  /** Left out, nobody looks. */
  telemetry?: Telemetry;
  baseUrl: string;
  paths: Paths;
  engineMemoryMb?: number;
  /** To the database; left out, as many as usual. */
  connectionsMax?: number;
}

export interface HostParts {
  host: Host;
  pipeline: PipelineHost;
  store: CostStore;
  /** Seals all secrets under a new master key; see secrets/rotate-secrets.ts. */
  rotateSecrets(): Promise<Rotation>;
  /** Gives everybody who has secrets a new data key; returns how many were made. */
  renewDataKeys(): Promise<number>;
  /** A key of 32 bytes for one purpose, the same in every process with this master key. */
  deriveKey(purpose: string): Uint8Array;
}

/** Everything that a process of the server stands on, embedded or shared with others. */
export interface ServerHost extends HostParts {
  folder: DataFolder;
  /** True where no other process works on the same data. */
  isAlone: boolean;
  /** Settles when PostgreSQL ended without being asked to; never for one that somebody else runs. */
  crashed: Promise<string>;
  announce(url: string): void;
  close(): Promise<void>;
}

/** All that stands on a database, as the environment names it. */
export async function openHostParts(
  { log, telemetry = noTelemetry, baseUrl, paths, engineMemoryMb, connectionsMax = defaultConnectionsMax }: HostOptions,
  db: Database,
  folder: DataFolder,
  undo: Undo,
): Promise<HostParts> {
  const files = await readFiles(process.env, folder);
  const workDir = join(folder.tmpDir, "work");
  mkdirSync(workDir, { recursive: true });
  let masterKeys: readonly Uint8Array[] = readMasterKeys(process.env, folder.root);
  const vault = createEnvelopeVault(db, () => masterKeys);
  const { isHttpAllowed, isInsideAllowed } = readReach(process.env);
  const host: Host = {
    db,
    files,
    clock: systemClock,
    log,
    telemetry,
    mail: readMail(process.env, systemClock),
    vault,
    outside: { isHttpAllowed, fetch: createOutsideFetch({ isInsideAllowed }) },
    signIn: readSignInSetup(process.env, createOutsideFetch),
    slack: readSlackApp(process.env),
    saml: createNodeSaml(),
    baseUrl,
    domains: createNodeDomainProof(),
    companyCreation: readCompanyCreation(process.env),
  };
  const processes = createEngineProcesses({
    tempDir: workDir,
    program: paths.engineProcess,
    ...(engineMemoryMb === undefined ? {} : { memoryMb: engineMemoryMb }),
  });
  undo.push(() => processes.close());
  const engine = observeEngine(processes, telemetry);
  const costs = await openCostEngine(process.env, { warehouseDir: folder.warehouseDir, workDir, engine });
  undo.push(() => costs.close());
  watchDatabase(db, telemetry, connectionsMax);
  return {
    host,
    pipeline: { engine, workDir, periods: costs.periods },
    store: observeCosts(costs.store, telemetry, costEngineName(process.env)),
    rotateSecrets: () =>
      rotateSecrets({ vault, env: process.env, dataDir: folder.root, take: (keys) => (masterKeys = keys) }),
    renewDataKeys: () => vault.renew(),
    deriveKey: (purpose) => new Uint8Array(hkdfSync("sha256", masterKeys[0]!, "", purpose, 32)),
  };
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
