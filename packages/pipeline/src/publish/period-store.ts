import type { Day } from "@finops/kernel/period";
import type { ExportPlan } from "@finops/warehouse/query/plan-export";
import type { GenerationManifest } from "@finops/warehouse/tables/generation";
import type { ExportRows } from "../engine/export-task.ts";

/** A published (or about to be published) version of a source's period: its Parquet files on this machine. */
export interface PublishedFiles {
  versionId: string;
  paths: readonly string[];
}

/**
 * Where billing periods stand once they are built, ready to be queried: files of DuckDB, or rows of ClickHouse. A period is
 * known by its store path, which begins with its month and its builder's token, `2026-05-17`.
 */
export interface PeriodStore {
  nameOf(billingPeriod: Day, token: bigint): string;
  /** Builds a period from exactly these versions. When it fails, what it leaves is for `remove`. */
  build(
    tenantId: string,
    storePath: string,
    versions: readonly PublishedFiles[],
    signal: AbortSignal | undefined,
  ): Promise<GenerationManifest>;
  /** Everything of the company that is there, whole or half built. */
  list(tenantId: string): Promise<string[]>;
  /** Removes periods with what builders that died left of them. Nothing is there afterwards, whether it was before or not. */
  remove(tenantId: string, storePaths: readonly string[]): Promise<void>;
  /** Asks for the same of one without waiting: a store whose disk is full has no room to remove in either. The sweep makes sure. */
  abandon(tenantId: string, storePath: string): Promise<void>;
  /** The companies that have something here. */
  listCompanies(): Promise<string[]>;
  removeCompany(tenantId: string): Promise<void>;
  /** The rows of a planned export, where the engine's process can read them; `dispose` when it has. */
  exportRows(
    tenantId: string,
    plan: PlannedRows,
    signal: AbortSignal | undefined,
  ): Promise<{ rows: ExportRows; dispose(): Promise<void> }>;
}

/** An export that has something to read. */
export type PlannedRows = ExportPlan & { statement: NonNullable<ExportPlan["statement"]> };

/** The token of the builder that wrote a period; null for what no builder names so. */
export function tokenOf(storePath: string): string | null {
  return /^\d{4}-\d{2}-(\d+)(?:\.|$)/.exec(storePath)?.[1] ?? null;
}
