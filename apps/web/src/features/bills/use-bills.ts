import type { WaitingChange } from "@finops/capabilities/approvals/contract";
import type {
  Completeness,
  DatasetDifference,
  DatasetPeriod,
  DatasetVersion,
  ImportDetection,
  ImportJob,
  ImportOptions,
  VersionConformance,
  VersionRejects,
} from "@finops/capabilities/sources/contract";
import { ImportProgress } from "@finops/capabilities/sources/contract";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { isWaiting, useTellWaiting } from "../../lib/use-approved-change.ts";
import { ApiProblem, request } from "../../lib/api.ts";
import { useLive, useLiveEvents } from "../../lib/live.ts";
import type { PickedFile } from "./picked-files.ts";
import { forgetUpload } from "./send-files.ts";
import { runUpload } from "./upload-run.ts";

const importsKey = ["imports"];
const datasetsKey = ["datasets"];

export function isActive(job: ImportJob): boolean {
  return job.state === "queued" || job.state === "running";
}

/** The latest imports. Live updates move their progress; a poll stands in where there is no live connection. */
export function useImports() {
  const client = useQueryClient();
  const isLive = useLive(({ state }) => state === "live");
  useLiveEvents("import", (events) => {
    let mustAsk = false;
    client.setQueryData<ImportJob[]>(importsKey, (jobs) =>
      jobs?.map((job) => {
        const event = events.findLast(({ key }) => key === job.id);
        if (event === undefined) return job;
        const state = event.body.state as ImportJob["state"];
        const progress = ImportProgress.safeParse(event.body.progress);
        // An end brings a report or an error, which only the server can tell.
        if (state !== job.state && state !== "running") mustAsk = true;
        return mustAsk ? job : { ...job, state, progress: progress.success ? progress.data : job.progress };
      }),
    );
    const known = client.getQueryData<ImportJob[]>(importsKey) ?? [];
    if (mustAsk || events.some(({ key }) => !known.some((job) => job.id === key)))
      void client.invalidateQueries({ queryKey: importsKey, exact: true });
  });
  return useQuery({
    queryKey: importsKey,
    queryFn: async ({ signal }) => (await request<{ imports: ImportJob[] }>("/api/v1/imports", { signal })).imports,
    refetchInterval: (query) => (!isLive && query.state.data?.some(isActive) === true ? 2000 : false),
  });
}

export function useUpload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (files: readonly PickedFile[]) => runUpload(files),
    onSettled: () => client.invalidateQueries({ queryKey: importsKey, exact: true }),
  });
}

/** What an import would do. Asked again with each choice; the last answer stays in sight meanwhile. */
export function useDetection(importId: string, options: ImportOptions) {
  return useQuery({
    queryKey: [...importsKey, importId, "detection", options],
    queryFn: ({ signal }) =>
      request<ImportDetection>(`/api/v1/imports/${importId}/detect`, { method: "POST", body: options, signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: (count, error) => error instanceof ApiProblem && error.code === "offline" && count < 3,
  });
}

export function useStartImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, options }: { id: string; options: ImportOptions }) =>
      request<ImportJob>(`/api/v1/imports/${id}/start`, { method: "POST", body: options }),
    onSuccess: ({ id }) => {
      forgetUpload(id);
      return client.invalidateQueries({ queryKey: importsKey, exact: true });
    },
  });
}

export function useCancelImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<ImportJob>(`/api/v1/imports/${id}/cancel`, { method: "POST" }),
    onSuccess: (_, id) => {
      forgetUpload(id);
      return client.invalidateQueries({ queryKey: importsKey, exact: true });
    },
  });
}

/** Runs today's mappings over what a source brought before. */
export function useReprocess() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (source: string) => request<ImportJob>("/api/v1/reprocess", { method: "POST", body: { source } }),
    onSuccess: () => client.invalidateQueries({ queryKey: importsKey, exact: true }),
  });
}

export function useDatasets() {
  return useQuery({
    queryKey: datasetsKey,
    queryFn: async ({ signal }) =>
      (await request<{ periods: DatasetPeriod[] }>("/api/v1/datasets", { signal })).periods,
  });
}

/** What each source lacks; nobody waits for it. */
export function useCompleteness() {
  return useQuery({
    queryKey: [...datasetsKey, "completeness"],
    queryFn: async ({ signal }) => (await request<Completeness>("/api/v1/datasets/completeness", { signal })).sources,
  });
}

const versionPath = (id: string) => `/api/v1/datasets/versions/${encodeURIComponent(id)}`;

export function useVersion(id: string) {
  return useQuery({
    queryKey: [...datasetsKey, "version", id],
    queryFn: ({ signal }) => request<DatasetVersion>(versionPath(id), { signal }),
  });
}

/** Null where the rules of FOCUS were not checked. */
export function useConformance(id: string) {
  return useQuery({
    queryKey: [...datasetsKey, "conformance", id],
    queryFn: ({ signal }) =>
      request<VersionConformance>(`${versionPath(id)}/conformance`, { signal }).catch((error: unknown) => {
        if (error instanceof ApiProblem && error.code === "not_found") return null;
        throw error;
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const rejectsPageRows = 50;

export function useRejects(id: string, offset: number) {
  return useQuery({
    queryKey: [...datasetsKey, "rejects", id, offset],
    queryFn: ({ signal }) =>
      request<VersionRejects>(`${versionPath(id)}/rejects?offset=${offset}&limit=${rejectsPageRows}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useDifference(id: string) {
  return useQuery({
    queryKey: [...datasetsKey, "difference", id],
    queryFn: ({ signal }) => request<DatasetDifference>(`${versionPath(id)}/difference`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useRollback() {
  const client = useQueryClient();
  const tellWaiting = useTellWaiting();
  return useMutation({
    mutationFn: (position: string) =>
      request<{ position: string } | WaitingChange>("/api/v1/datasets/rollback", {
        method: "POST",
        body: { position },
      }),
    onSuccess: async (answer) => {
      if (isWaiting(answer)) return tellWaiting(answer);
      await client.invalidateQueries({ queryKey: datasetsKey });
      await client.invalidateQueries({ queryKey: ["costs"] });
    },
  });
}
