import type { AuditSealing, AuditVerification } from "@finops/capabilities/audit/contract";
import type { CompanySummary, OperatorCompanyInput } from "@finops/capabilities/companies/contract";
import type { CostAnswer, CostQueryInput } from "@finops/capabilities/costs/contract";
import type { FigureRequest } from "@finops/capabilities/proof/contract";
import type { KeyInput, KeyList, NewKey } from "@finops/capabilities/keys/contract";
import type { SessionList } from "@finops/capabilities/sessions/contract";
import type { ImportOptions, ImportProgress, ImportReport } from "@finops/capabilities/sources/contract";
import { AppError } from "@finops/kernel/app-error";
import type { Day } from "@finops/kernel/period";
import type { Rotation } from "@finops/platform/secrets/rotate-secrets";
import { readOrMakeLocalKey, readRunningServer } from "@finops/platform/data-folder";
import type { BillFile } from "@finops/pipeline/landing/list-bill-files";
import type { Globals } from "./globals.ts";
import { openLocalPlatform } from "./local-platform.ts";
import { openRemotePlatform } from "./remote-platform.ts";

export interface ImportWish {
  files: readonly BillFile[];
  options: ImportOptions;
  createTenant: boolean;
}

export interface Watch {
  signal: AbortSignal;
  onProgress(progress: ImportProgress): void;
}

/** What the commands need, done on the data folder itself or by a server. */
export interface Platform {
  importBills(tenant: string, wish: ImportWish, watch: Watch): Promise<ImportReport[]>;
  reprocess(tenant: string, choice: { source?: string }, watch: Watch): Promise<ImportReport[]>;
  query(tenant: string, query: CostQueryInput): Promise<CostAnswer>;
  exportCosts(tenant: string, wish: ExportWish): Promise<{ rows: number }>;
  /** Writes the proof of a figure as a zip; the file is there whole or not at all. */
  prove(tenant: string, figure: FigureRequest, out: string): Promise<void>;
  /** A new one-time sign-in link for the owner of a company. */
  link(tenant: string): Promise<string>;
  listCompanies(): Promise<CompanySummary[]>;
  createCompany(wish: OperatorCompanyInput): Promise<CompanySummary>;
  setCompanyState(tenant: string, wish: StateWish): Promise<CompanySummary>;
  /** Says when it is deleted; null where that was done at once. */
  deleteCompany(tenant: string, how: { now: boolean }): Promise<{ leavesAt: string | null }>;
  verifyAudit(tenant: string): Promise<AuditVerification>;
  sealAudit(tenant: string, before: Day): Promise<AuditSealing>;
  listSessions(tenant: string): Promise<SessionList>;
  /** Ends a session by its id, or all of them; returns how many. */
  endSessions(tenant: string, which: string): Promise<number>;
  listKeys(tenant: string): Promise<KeyList>;
  /** The one answer that has the key itself. */
  createKey(tenant: string, wish: KeyInput): Promise<NewKey>;
  revokeKey(tenant: string, id: string): Promise<void>;
  /** Takes the second factor of a member away, who is named by their address. */
  resetSecondFactor(tenant: string, email: string): Promise<void>;
  /** Lets people and keys in from everywhere. */
  openNetwork(tenant: string): Promise<void>;
  /** Seals all secrets of all companies under another master key. */
  rotateSecrets(): Promise<Rotation>;
  /** Makes new data keys, which seal from now on; returns how many. */
  renewDataKeys(): Promise<number>;
  close(): Promise<void>;
}

export interface StateWish {
  state: "active" | "read-only" | "locked";
  /** What the company's people are told. */
  reason: string;
}

export interface ExportWish {
  period: { start: string; end: string };
  format: "csv" | "parquet";
  out: string;
}

/**
 * The platform as the options say: a server by its URL, the server that runs on the data folder, or the folder itself.
 * @throws precondition when another command has the folder
 */
export async function openPlatform(globals: Globals, purpose: string): Promise<Platform> {
  if (globals.url !== undefined) {
    if (globals.key === undefined) throw new AppError("invalid", "Give the server's API key with --key.");
    return openRemotePlatform({ url: globals.url, key: globals.key });
  }
  const server = readRunningServer(globals.data);
  if (server !== null) return openRemotePlatform({ url: server.url, key: readOrMakeLocalKey(globals.data) });
  return openLocalPlatform(globals.data, purpose);
}

/** Opens the platform for one piece of work and closes it, whatever happens. */
export async function withPlatform<T>(
  globals: Globals,
  purpose: string,
  work: (platform: Platform) => Promise<T>,
): Promise<T> {
  const platform = await openPlatform(globals, purpose);
  try {
    return await work(platform);
  } finally {
    await platform.close();
  }
}
