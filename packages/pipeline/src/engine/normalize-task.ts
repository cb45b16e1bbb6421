import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { getFormat } from "@finops/connectors/registry";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import { checkRelation } from "../check/check-relation.ts";
import { ownRules } from "../check/own-rules.ts";
import type { Conformance } from "../check/conformance.ts";
import { normalize } from "../normalize/normalize.ts";
import type { StageCount } from "../normalize/count-stage.ts";
import type { LandedFile } from "../normalize/raw-relation.ts";
import type { TaskTools } from "./engine-tasks.ts";
import { withEngine } from "./with-engine.ts";

export interface NormalizeTaskInput {
  format: string;
  definition?: unknown;
  files: readonly LandedFile[];
  assume: Readonly<Record<string, string>>;
  stageDir: string;
}

export interface StagedPeriod {
  period: string;
  /** Parquet files below the stage, by what became of their rows. */
  files: Record<"published" | "rejected" | "dropped", string[]>;
  accounts: string[];
  conformance: Conformance | null;
}

/** Counts with their decimals as text, so that they cross the pipe. */
export type PlainCount = Omit<StageCount, "rawCost" | "billedCost" | "effectiveCost"> & { rawCost: string; billedCost: string; effectiveCost: string };

export interface NormalizeTaskOutput {
  counts: PlainCount[];
  periods: StagedPeriod[];
  billingAccounts: string[];
  providers: string[];
  unreadable: { rows: number; file: string | null };
  notes: readonly string[];
  dataset: string;
  examples: { file: number; reason: string; rows: number }[];
}

export function normalizeTask(input: NormalizeTaskInput, tools: TaskTools): Promise<NormalizeTaskOutput> {
  const format = getFormat(input.format, input.definition);
  return withEngine(tools, async (engine) => {
    const normalized = await normalize(engine, { format, files: input.files, assume: input.assume, stageDir: input.stageDir });
    const staged = await stagedFiles(input.stageDir);
    const periods: StagedPeriod[] = [];
    const all = staged.flatMap((period) => period.files.published);
    const distinct = async (sql: string, files: readonly string[]) => (files.length === 0 ? [] : (await engine.rows(`SELECT DISTINCT ${sql} AS v FROM read_parquet([${files.map(literal).join(", ")}], hive_partitioning = false) WHERE v IS NOT NULL ORDER BY v`)).map((row) => row.v!));
    for (const { period, files } of staged) {
      const accounts = await distinct(`concat_ws('/', "ProviderName", coalesce("SubAccountId", "BillingAccountId"))`, files.published);
      const relation = `read_parquet([${files.published.map(literal).join(", ")}], hive_partitioning = false)`;
      const conformance = files.published.length === 0 || format.dataset !== "costs" ? null : await checkRelation(engine.connection, { table: relation, columns: await columnsOf(engine, relation), layout: "lake" }, ownRules("1.2"), { valuesPerKey: false });
      periods.push({ period, files, accounts, conformance });
    }
    const rejected = staged.flatMap((period) => period.files.rejected);
    const examples = rejected.length === 0 ? [] : await engine.rows(`SELECT x_finops_file AS file, x_finops_reason AS reason, count(*) AS n FROM read_parquet([${rejected.map(literal).join(", ")}], hive_partitioning = false) GROUP BY ALL ORDER BY n DESC LIMIT 100`);
    return {
      counts: normalized.counts.map((count) => ({ ...count, rawCost: count.rawCost.toString(), billedCost: count.billedCost.toString(), effectiveCost: count.effectiveCost.toString() })),
      periods,
      billingAccounts: await distinct(`"BillingAccountId"`, all),
      providers: await distinct(`"ProviderName"`, all),
      unreadable: normalized.unreadable,
      notes: normalized.notes,
      dataset: format.dataset,
      examples: examples.map((row) => ({ file: Number(row.file), reason: row.reason ?? "", rows: Number(row.n) })),
    };
  });
}

async function columnsOf(engine: Parameters<typeof normalize>[0], relation: string): Promise<string[]> {
  return (await engine.rows(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${relation})`)).map((row) => row.column_name!);
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
  return [...periods].map(([period, files]) => ({ period, files })).toSorted((a, b) => a.period.localeCompare(b.period));
}
