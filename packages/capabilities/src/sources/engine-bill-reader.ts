import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import type { BillReader } from "./bill-reader.ts";
import { detectImport } from "./detect.ts";
import { getRejects, previewRollback } from "./lake-pages.ts";

export function createBillReader(pipeline: Pick<PipelineHost, "engine" | "workDir">): BillReader {
  return {
    detect: (ctx, importId, input) => detectImport(ctx, pipeline, importId, input),
    rejects: (ctx, versionId, page) => getRejects(ctx, pipeline, versionId, page),
    previewRollback: (ctx, position) => previewRollback(ctx, pipeline, position),
  };
}
