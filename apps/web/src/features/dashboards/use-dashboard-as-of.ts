import type { DashboardAsOf } from "@finops/capabilities/dashboards/contract";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { documentKey, documentPath } from "../../lib/documents/document-queries.ts";

/** A dashboard as a version left it. */
export function useDashboardAsOf(id: string, version: number | null) {
  return useQuery({
    queryKey: documentKey("dashboards", id, "versions", version ?? 0),
    queryFn: ({ signal }) =>
      request<DashboardAsOf>(`${documentPath("dashboards", id)}/versions/${version}`, { signal }),
    enabled: version !== null,
    // A version never changes.
    staleTime: Infinity,
  });
}
