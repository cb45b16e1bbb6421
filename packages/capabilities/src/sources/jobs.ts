import type { Host } from "@finops/platform/host";
import type { Job } from "@finops/platform/jobs/worker";
import { createContext } from "@finops/platform/tenancy/context";
import { allPermissions } from "@finops/platform/access/permissions";
import { importBills, reprocess } from "@finops/pipeline/run";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import * as z from "zod";
import { ImportOptions } from "./contract.ts";
import { removeUpload, uploadedFiles } from "./uploads.ts";
import { withBillFiles } from "./with-bill-files.ts";

/** What an import's work item carries. */
export const ImportPayload = z.object({
  importId: z.string(),
  options: ImportOptions,
  actor: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
});

/** The handler of `import` work items: imports what was uploaded, then removes the upload (the raw files are landed). */
export function importJob(host: Host, pipeline: PipelineHost): (job: Job) => Promise<object[]> {
  return async ({ claim, signal, reportProgress, afterwards }) => {
    const { importId, options, actor } = ImportPayload.parse(claim.payload);
    const ctx = createContext(host, {
      tenantId: claim.tenantId,
      actor,
      via: "job",
      permissions: allPermissions,
      requestId: claim.id,
    });
    const { format, definition, sourceName, takesOver, assume } = options;
    const request = {
      assume,
      ...(format === undefined ? {} : { format }),
      ...(definition === undefined ? {} : { definition }),
      ...(sourceName === undefined ? {} : { sourceName }),
      ...(takesOver === undefined ? {} : { takesOver }),
    };
    const uploads = await uploadedFiles(host.files, claim.tenantId, importId);
    const hooks = { signal, onProgress: reportProgress, workItemId: claim.id };
    afterwards(() => removeUpload(host.files, claim.tenantId, importId));
    const reports = await withBillFiles(host.files, pipeline, uploads, (files) =>
      importBills(ctx, pipeline, { ...request, files }, hooks),
    );
    for (const { format: of, rowsPublished, unchanged } of reports)
      host.telemetry.add("finops.import.rows", unchanged ? 0 : rowsPublished, { format: of });
    return reports;
  };
}

/** What a reprocessing's work item carries. */
export const ReprocessPayload = z.object({
  importId: z.string(),
  source: z.string().optional(),
  actor: ImportPayload.shape.actor,
});

/** The handler of `reprocess` work items: today's mappings over what landed earlier. */
export function reprocessJob(host: Host, pipeline: PipelineHost): (job: Job) => Promise<object[]> {
  return ({ claim, signal, reportProgress }) => {
    const { source, actor } = ReprocessPayload.parse(claim.payload);
    const ctx = createContext(host, {
      tenantId: claim.tenantId,
      actor,
      via: "job",
      permissions: allPermissions,
      requestId: claim.id,
    });
    return reprocess(ctx, pipeline, source === undefined ? {} : { source }, {
      signal,
      onProgress: reportProgress,
      workItemId: claim.id,
    });
  };
}
