import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DetectOptions, detectFormat, type DetectedFormat } from "@finops/connectors/registry";
import type { BillHeader } from "@finops/connectors/format";
import { missingColumns } from "@finops/connectors/render-mapping";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import { readFileShape } from "../landing/read-header.ts";
import { sampleFile } from "../landing/sample-file.ts";
import { headerOf } from "../normalize/normalize.ts";
import { type LandedFile, openRawFiles } from "../normalize/raw-relation.ts";
import type { TaskTools } from "./engine-tasks.ts";
import { normalizeTask } from "./normalize-task.ts";
import { withEngine } from "./with-engine.ts";

export interface PreviewInput {
  /** One file of each role of a delivery. */
  files: readonly { name: string; path: string; role: string }[];
  format?: string;
  definition?: unknown;
  assume: Readonly<Record<string, string>>;
}

/** What the beginning of a bill says of it. */
export interface PreviewOutput {
  /** Of the first file. */
  columns: string[];
  firstRows: Record<string, string | null>[];
  because: string;
  confidence: number;
  alsoReadAs: string[];
  /** Columns that the format needs and the file lacks. `assume` names what may be said instead. */
  missing: { column: string; assume: string | null }[];
  /** What the first rows become; null where something is missing, or `problem` says why they become nothing. */
  sample: {
    rows: number;
    periods: string[];
    /** As versions keep them: `AWS/123456789012`. */
    accounts: string[];
    billingAccounts: string[];
    currencies: string[];
    rejected: { reason: string; rows: number }[];
    notes: string[];
  } | null;
  problem: string | null;
}

/** A parquet file is not cut for the sample, so it is read only as far as this. */
const sampleRowsMax = 5000;

/** Reads the beginning of a bill as an import would, and keeps nothing of it. */
export async function previewTask(input: PreviewInput, tools: TaskTools): Promise<PreviewOutput> {
  const dir = join(tools.tempDir, "preview");
  await mkdir(join(dir, "stage"), { recursive: true });
  try {
    const { files, found, header } = await readSamples(input, tools, dir);
    const missing = missingColumns(found.format.mapping(header), header.columns, input.assume).map(splitAssumption);
    const about = {
      columns: header.columns.map(({ name }) => name),
      firstRows: header.sample.slice(0, 5).map((row) => ({ ...row })),
      because: found.detection.because,
      confidence: found.detection.confidence,
      alsoReadAs: found.runnersUp.map(({ format }) => format.id),
      missing,
    };
    if (missing.length > 0) return { ...about, sample: null, problem: null };
    return { ...about, ...(await tryOut(input, tools, files, found, dir)) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function readSamples(
  input: PreviewInput,
  tools: TaskTools,
  dir: string,
): Promise<{ files: LandedFile[]; found: DetectedFormat; header: BillHeader }> {
  return withEngine(tools, async (engine) => {
    const files: LandedFile[] = [];
    for (const [index, { name, path, role }] of input.files.entries()) {
      const sample = await sampleFile(path, await readFileShape(path, name), join(dir, `sample-${index}`));
      if (sample.shape.kind === "parquet") {
        const cut = join(dir, `sample-${index}.parquet`);
        await engine.run(
          `COPY (SELECT * FROM read_parquet(${literal(path)}) LIMIT ${sampleRowsMax}) TO ${literal(cut)} (FORMAT parquet)`,
        );
        sample.path = cut;
      }
      files.push({ index, name, role, ...sample });
    }
    const header = await headerOf(engine, (await openRawFiles(engine, files.slice(0, 1)))[0]!);
    const options: DetectOptions = {
      ...(input.format === undefined ? {} : { format: input.format }),
      ...(input.definition === undefined ? {} : { definition: input.definition }),
    };
    return { files, header, found: detectFormat(header, options) };
  });
}

async function tryOut(
  input: PreviewInput,
  tools: TaskTools,
  files: readonly LandedFile[],
  found: DetectedFormat,
  dir: string,
): Promise<Pick<PreviewOutput, "sample" | "problem">> {
  try {
    const normalized = await normalizeTask(
      {
        format: found.format.id,
        ...(input.definition === undefined ? {} : { definition: input.definition }),
        files,
        assume: input.assume,
        stageDir: join(dir, "stage"),
        isSample: true,
      },
      tools,
    );
    const published = normalized.counts.filter((count) => count.state === "published");
    return {
      problem: null,
      sample: {
        rows: normalized.counts.reduce((sum, count) => sum + count.rows, normalized.unreadable.rows),
        periods: [...new Set(published.map((count) => count.period))].toSorted(),
        accounts: [...new Set(normalized.periods.flatMap((period) => period.accounts))],
        billingAccounts: normalized.billingAccounts,
        currencies: [...new Set(published.map((count) => count.currency))].toSorted(),
        rejected: normalized.examples.map(({ reason, rows }) => ({ reason, rows })).slice(0, 20),
        notes: [...normalized.notes],
      },
    };
  } catch (error) {
    return { sample: null, problem: (error as Error).message };
  }
}

/** `BillingCurrency (or --assume BillingCurrency=…)` is a sentence for the terminal. */
function splitAssumption(column: string): { column: string; assume: string | null } {
  const match = /^(.*) \(or --assume (\w+)=…\)$/.exec(column);
  return match === null ? { column, assume: null } : { column: match[1]!, assume: match[2]! };
}
