import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { BillFormat } from "@finops/connectors/format";
import { getFormat } from "@finops/connectors/registry";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { bookkeeping } from "@finops/warehouse/tables/cost-columns";
import type { Conformance } from "../check/conformance.ts";
import { normalize, type Normalized } from "../normalize/normalize.ts";
import { normalizeTogether } from "../normalize/normalize-together.ts";
import type { StageCount } from "../normalize/count-stage.ts";
import type { LandedFile } from "../normalize/raw-relation.ts";
import { sourceLine } from "../normalize/typed-select.ts";
import { checkStage } from "./check-stage.ts";
import { type UsageDays, usageDays } from "./usage-days.ts";
import type { TaskTools } from "./engine-tasks.ts";
import { parquetFiles } from "./parquet-files.ts";
import { withEngine } from "./with-engine.ts";

export interface NormalizeTaskInput {
  format: string;
  definition?: unknown;
  files: readonly LandedFile[];
  assume: Readonly<Record<string, string>>;
  stageDir: string;
  /** A look ahead: the rules of FOCUS are not checked. */
  isSample?: boolean;
}

export interface StagedPeriod {
  period: string;
  /** Parquet files below the stage, by what became of their rows. */
  files: Record<"published" | "rejected" | "dropped", string[]>;
  accounts: string[];
  conformance: Conformance | null;
  days: UsageDays | null;
}

/** Counts with their decimals as text, so that they cross the pipe. */
export type PlainCount = Omit<StageCount, "rawCost" | "billedCost" | "effectiveCost"> & {
  rawCost: string;
  billedCost: string;
  effectiveCost: string;
};

export interface NormalizeTaskOutput {
  counts: PlainCount[];
  periods: StagedPeriod[];
  /** Of contract commitments, the contracts. */
  billingAccounts: string[];
  /** The format's name for people. */
  label: string;
  unreadable: { rows: number; paths: readonly string[] };
  notes: readonly string[];
  dataset: string;
  /** Rows and lines that were refused, by file and reason, the most frequent first; `line` is the first of them. */
  examples: { file: number; line: number | null; reason: string; rows: number }[];
}

const examplesMax = 100;

export function normalizeTask(input: NormalizeTaskInput, tools: TaskTools): Promise<NormalizeTaskOutput> {
  const format = getFormat(input.format, input.definition);
  return withEngine(tools, async (engine) => {
    const { files, assume, stageDir } = input;
    const normalized = await normalize(engine, { format, files, assume, stageDir });
    return describeStage(engine, format, input, normalized);
  });
}

export interface NormalizeTogetherInput {
  /** Of one format, read the same way: only what is read and where it is put differs. */
  deliveries: readonly NormalizeTaskInput[];
}

/** Null where each has to be normalized alone: see `normalize-together.ts`. */
export function normalizeTogetherTask(
  { deliveries }: NormalizeTogetherInput,
  tools: TaskTools,
): Promise<NormalizeTaskOutput[] | null> {
  const [{ format: id, definition }] = deliveries as readonly [NormalizeTaskInput];
  const format = getFormat(id, definition);
  return withEngine(tools, async (engine) => {
    // What one delivery cannot be read for is told of it alone.
    const normalized = await normalizeTogether(
      engine,
      deliveries.map(({ files, assume, stageDir }) => ({ format, files, assume, stageDir })),
    ).catch(() => null);
    if (normalized === null) return null;
    const outputs: NormalizeTaskOutput[] = [];
    for (const [index, one] of normalized.entries())
      outputs.push(await describeStage(engine, format, deliveries[index]!, one));
    return outputs;
  });
}

/** What lies in a delivery's stage, and how it keeps to FOCUS. */
async function describeStage(
  engine: DuckDB,
  format: BillFormat,
  { stageDir, isSample }: NormalizeTaskInput,
  normalized: Normalized,
): Promise<NormalizeTaskOutput> {
  const staged = await stagedFiles(stageDir);
  const isCosts = format.dataset === "costs";
  const periods: StagedPeriod[] = [];
  const published = staged.flatMap((period) => period.files.published);
  // Once for the delivery: planning the rules takes longer than reading the rows of a small month.
  const conformance =
    isCosts && published.length > 0 && isSample !== true
      ? await checkStage(engine, parquetFiles(published), format.id.includes("focus") ? normalized.groups : [])
      : null;
  for (const { period, files } of staged) {
    const accounts = await distinct(
      engine,
      isCosts ? `concat_ws('/', "ProviderName", coalesce("SubAccountId", "BillingAccountId"))` : `"ContractId"`,
      files.published,
    );
    const days = isCosts ? await usageDays(engine, files.published) : null;
    periods.push({ period, files, accounts, days, conformance: files.published.length > 0 ? conformance : null });
  }
  return {
    counts: normalized.counts.map((count) => ({
      ...count,
      rawCost: count.rawCost.toString(),
      billedCost: count.billedCost.toString(),
      effectiveCost: count.effectiveCost.toString(),
    })),
    periods,
    billingAccounts: await distinct(engine, isCosts ? `"BillingAccountId"` : `"ContractId"`, published),
    label: format.label,
    unreadable: normalized.unreadable,
    notes: normalized.notes,
    dataset: format.dataset,
    examples: await refusedRows(
      engine,
      staged.flatMap((period) => period.files.rejected),
      normalized.unreadable.paths,
    ),
  };
}

async function distinct(engine: DuckDB, sql: string, files: readonly string[]): Promise<string[]> {
  if (files.length === 0) return [];
  return (
    await engine.rows(
      `SELECT DISTINCT ${sql} AS v FROM ${parquetFiles(files)} WHERE v IS NOT NULL AND v <> '' ORDER BY v`,
    )
  ).map((row) => row.v!);
}

async function refusedRows(
  engine: DuckDB,
  rejected: readonly string[],
  unreadable: readonly string[],
): Promise<NormalizeTaskOutput["examples"]> {
  const parts = [
    ...(rejected.length === 0
      ? []
      : [
          `SELECT "${bookkeeping.file}" AS file, "${sourceLine}" AS line, "${bookkeeping.reason}" AS reason FROM ${parquetFiles(rejected)}`,
        ]),
    ...(unreadable.length === 0 ? [] : [`SELECT file, line, reason FROM ${parquetFiles(unreadable)}`]),
  ];
  if (parts.length === 0) return [];
  const rows = await engine.rows(
    `SELECT file, min(line) AS line, reason, count(*) AS n FROM (${parts.join(" UNION ALL ")}) GROUP BY file, reason ORDER BY n DESC, file, line LIMIT ${examplesMax}`,
  );
  return rows.map((row) => ({
    file: Number(row.file),
    line: row.line === null ? null : Number(row.line),
    reason: row.reason ?? "",
    rows: Number(row.n),
  }));
}

/** What the normalizer wrote: `group-N/_state=…/_period=…/part-N.parquet`. */
async function stagedFiles(stageDir: string): Promise<Pick<StagedPeriod, "period" | "files">[]> {
  const entries = await readdir(stageDir, { recursive: true });
  const periods = new Map<string, StagedPeriod["files"]>();
  for (const entry of entries.toSorted()) {
    const match = /^group-\d+\/_state=(\w+)\/_period=([^/]+)\/.*\.parquet$/.exec(entry);
    if (match === null) continue;
    const files = periods.get(match[2]!) ?? { published: [], rejected: [], dropped: [] };
    files[match[1] as keyof StagedPeriod["files"]].push(join(stageDir, entry));
    periods.set(match[2]!, files);
  }
  return [...periods]
    .map(([period, files]) => ({ period, files }))
    .toSorted((a, b) => a.period.localeCompare(b.period));
}
