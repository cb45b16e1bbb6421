import type { UnitMetrics } from "@finops/capabilities/unit-metrics/contract";
import { queryOptions } from "@tanstack/react-query";
import { request } from "./api.ts";

/** All that is read of unit metrics stands under this key. */
export const unitMetricsKey = ["unit-metrics"];

/** The company's unit metrics, by name. */
export const unitMetricsQuery = queryOptions({
  queryKey: [...unitMetricsKey, "list"],
  queryFn: async ({ signal }) => (await request<UnitMetrics>("/api/v1/unit-metrics", { signal })).metrics,
});
