import type { AuditPage, AuditSealing, AuditVerification } from "@finops/capabilities/audit/contract";
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { readAnswer, request } from "../../lib/api.ts";
import { saveBlob } from "../../lib/download.ts";
import { serverClock } from "../../lib/server-clock.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { type AuditSearch, filterParameters } from "./audit-search.ts";

const auditKey = ["audit"];
const pageRows = 100;

/** Entries, the newest first, a page at a time. While other ones are on their way, the old ones stay. */
export function useAudit(search: AuditSearch) {
  const filter = filterParameters(search).toString();
  return useInfiniteQuery({
    queryKey: [...auditKey, filter],
    queryFn: ({ pageParam, signal }) => {
      const parameters = new URLSearchParams(filter);
      parameters.set("limit", String(pageRows));
      if (pageParam !== null) parameters.set("cursor", pageParam);
      return request<AuditPage>(`/api/v1/audit?${parameters.toString()}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useVerify() {
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: () => request<AuditVerification>("/api/v1/audit/verify"),
    onError: (error) =>
      tell({ id: "verify", tone: "error", title: "The audit was not verified.", body: error.message }),
  });
}

/** All entries that the filter leaves, as the server writes them. */
export function useAuditExport() {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: async (search: AuditSearch) => {
      const answer = await readAnswer(`/api/v1/audit/export?${filterParameters(search).toString()}`, {
        accept: "text/csv",
      });
      saveBlob(await answer.blob(), `audit-${serverClock.today()}.csv`);
    },
    onError: (error) =>
      tell({ id: "audit-export", tone: "error", title: "Nothing was exported.", body: error.message }),
    // The export is an entry itself.
    onSuccess: () => client.invalidateQueries({ queryKey: auditKey }),
  });
}

/** Puts entries from before a day into files. */
export function useSeal() {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (before: string) => request<AuditSealing>("/api/v1/audit/seal", { method: "POST", body: { before } }),
    onError: (error) => tell({ id: "seal", tone: "error", title: "Nothing was put into files.", body: error.message }),
    onSuccess: ({ segments }) =>
      tell({
        id: "seal",
        tone: "info",
        title: segments.length === 0 ? "Nothing is so old." : "They stand in files, and stay part of the chain.",
        body: segments.map(({ first, last }) => `Entries ${first} to ${last}`).join(", "),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: auditKey }),
  });
}
