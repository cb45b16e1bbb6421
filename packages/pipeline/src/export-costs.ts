import type { ExportColumn, ExportPlan } from "@finops/warehouse/query/plan-export";
import type { ExportRows } from "./engine/export-task.ts";
import type { PipelineHost } from "./pipeline-host.ts";

export interface ExportFile {
  format: "csv" | "parquet" | "xlsx";
  areTextsSafe: boolean;
  notes: readonly string[];
  /** A file on this machine, half written after a failure. */
  out: string;
}

/** Writes planned charge rows to a file, in the engine's own process. Ends it when the signal says so. */
export async function exportRows(
  pipeline: PipelineHost,
  tenantId: string,
  plan: ExportPlan,
  file: ExportFile,
  signal?: AbortSignal,
): Promise<{ rows: number }> {
  const { columns, statement } = plan;
  if (statement === null) {
    const nothing = { kind: "statement", periods: [], sql: noRows(columns), args: [] } as const;
    return runExport(pipeline, nothing, columns, file, signal);
  }
  const { rows, dispose } = await pipeline.periods.exportRows(tenantId, { ...plan, statement }, signal);
  try {
    return await runExport(pipeline, rows, columns, file, signal);
  } finally {
    await dispose();
  }
}

/** A column of a table that stands in a file of lines; `cell` says where in a line. */
export type LineColumn = ExportColumn & { cell: number };

/** Writes a table whose rows stand in a file as lines of JSON, `{"cells": ["…", null]}`. */
export function exportLines(
  pipeline: PipelineHost,
  path: string,
  columns: readonly LineColumn[],
  file: ExportFile,
  signal?: AbortSignal,
): Promise<{ rows: number }> {
  const cells = columns.map((column) => column.cell);
  return runExport(pipeline, { kind: "lines", path, cells }, columns, file, signal);
}

function runExport(
  pipeline: PipelineHost,
  rows: ExportRows,
  columns: readonly ExportColumn[],
  file: ExportFile,
  signal?: AbortSignal,
): Promise<{ rows: number }> {
  return pipeline.engine.run("export", { rows, columns, ...file }, { signal });
}

function noRows(columns: readonly ExportColumn[]): string {
  return `SELECT ${columns.map((_, index) => `CAST(NULL AS VARCHAR) AS c${index}`).join(", ")} WHERE false`;
}
