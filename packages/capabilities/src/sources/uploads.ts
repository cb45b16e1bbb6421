import { AppError } from "@finops/kernel/app-error";
import type { FileStore } from "@finops/platform/files/file-store";
import type { BillFile } from "@finops/pipeline/landing/list-bill-files";

/** Where an import's files wait: in the file store, so that a restart finds them again. */
export function uploadPrefix(tenantId: string, importId: string): string {
  return `tenants/${tenantId}/uploads/${importId}`;
}

export async function uploadedFiles(files: FileStore, tenantId: string, importId: string): Promise<BillFile[]> {
  const prefix = `${uploadPrefix(tenantId, importId)}/`;
  const stored = await files.list(prefix);
  return stored.map((file) => {
    const path = files.localPath(file.name);
    if (path === null)
      throw new AppError("internal", "Uploads are imported on a host with a local file store.", {
        internal: file.name,
      });
    return { name: file.name.slice(prefix.length), path, bytes: file.bytes };
  });
}
