import type { DatasetPeriod, ImportJob, ImportOptions } from "@finops/capabilities/sources/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { request } from "../../lib/api.ts";
import type { PickedFile } from "./picked-files.ts";
import { runUpload } from "./upload-run.ts";

const importsKey = ["imports"];
const datasetsKey = ["datasets"];

export function isActive(job: ImportJob): boolean {
  return job.state === "queued" || job.state === "running";
}

/** The latest imports, followed closely while one runs. */
export function useImports() {
  const client = useQueryClient();
  const imports = useQuery({
    queryKey: importsKey,
    queryFn: async ({ signal }) => (await request<{ imports: ImportJob[] }>("/api/v1/imports", { signal })).imports,
    refetchInterval: (query) => (query.state.data?.some(isActive) === true ? 500 : false),
  });
  const finished = imports.data?.filter((job) => !isActive(job)).length;
  useEffect(() => {
    // What an import published changes every figure.
    if (finished === undefined) return;
    void client.invalidateQueries({ queryKey: datasetsKey });
    void client.invalidateQueries({ queryKey: ["costs"] });
  }, [client, finished]);
  return imports;
}

export function useStartImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ files, options }: { files: readonly PickedFile[]; options: ImportOptions }) =>
      runUpload(files, options),
    onSuccess: () => client.invalidateQueries({ queryKey: importsKey }),
  });
}

export function useCancelImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<ImportJob>(`/api/v1/imports/${id}/cancel`, { method: "POST" }),
    onSuccess: () => client.invalidateQueries({ queryKey: importsKey }),
  });
}

export function useDatasets() {
  return useQuery({
    queryKey: datasetsKey,
    queryFn: async ({ signal }) =>
      (await request<{ periods: DatasetPeriod[] }>("/api/v1/datasets", { signal })).periods,
  });
}

export function useRollback() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (position: string) =>
      request<{ position: string }>("/api/v1/datasets/rollback", { method: "POST", body: { position } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: datasetsKey });
      await client.invalidateQueries({ queryKey: ["costs"] });
    },
  });
}
