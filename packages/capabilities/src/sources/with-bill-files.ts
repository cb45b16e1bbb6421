import type { FileStore } from "@finops/platform/files/file-store";
import type { BillFile } from "@finops/pipeline/landing/list-bill-files";
import { withLocalFiles } from "@finops/pipeline/local-files";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import type { UploadedBill } from "./uploads.ts";

/** Runs work on what was uploaded as bills of this machine. */
export function withBillFiles<T>(
  files: FileStore,
  pipeline: Pick<PipelineHost, "workDir">,
  uploads: readonly UploadedBill[],
  work: (bills: BillFile[]) => Promise<T>,
): Promise<T> {
  const names = uploads.map((upload) => upload.stored);
  return withLocalFiles(files, pipeline, names, (paths) =>
    work(uploads.map(({ name, bytes }, index) => ({ name, bytes, path: paths[index]! }))),
  );
}
