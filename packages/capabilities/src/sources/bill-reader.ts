import type { Context } from "@finops/platform/tenancy/context";
import type { ImportDetection, RollbackPreview, VersionRejects } from "./contract.ts";

/** Reads what was uploaded and what lies in the lake, on hosts that have an engine for it. */
export interface BillReader {
  detect(ctx: Context, importId: string, input: unknown): Promise<ImportDetection>;
  rejects(ctx: Context, versionId: string, page: { offset: number; limit: number }): Promise<VersionRejects>;
  previewRollback(ctx: Context, position: string): Promise<RollbackPreview>;
}
