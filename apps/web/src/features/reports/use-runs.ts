import type { ReportRun, ReportRunHead } from "@finops/capabilities/reports/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { documentKey, documentPath } from "../../lib/documents/document-queries.ts";
import { useToasts } from "../../lib/toasts.tsx";

export function useRuns(id: string) {
  return useQuery({
    queryKey: documentKey("reports", id, "runs"),
    queryFn: async ({ signal }) =>
      (await request<{ runs: ReportRunHead[] }>(`${documentPath("reports", id)}/runs`, { signal })).runs,
  });
}

export function useRun(id: string, number: string) {
  return useQuery({
    queryKey: documentKey("reports", id, "runs", number),
    queryFn: ({ signal }) =>
      request<ReportRun>(`${documentPath("reports", id)}/runs/${encodeURIComponent(number)}`, { signal }),
    // What was told never changes.
    staleTime: Infinity,
  });
}

/** Tells the report now; what it says is kept. */
export function useRunReport(id: string) {
  const client = useQueryClient();
  const show = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: () => request<ReportRun>(`${documentPath("reports", id)}/runs`, { method: "POST" }),
    onSuccess: (run) => client.setQueryData(documentKey("reports", id, "runs", String(run.number)), run),
    onError: (error) => show({ id: "run", tone: "error", title: "The report was not run.", body: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: documentKey("reports", id, "runs"), exact: true }),
  });
}
