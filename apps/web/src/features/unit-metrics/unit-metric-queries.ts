import type {
  MetricValues,
  ParsedValues,
  UnitCosts,
  UnitMetric,
  UnitMetricChange,
  UnitMetricInput,
  ValueKind,
  ValuesChange,
} from "@finops/capabilities/unit-metrics/contract";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { unitMetricsKey } from "../../lib/unit-metrics.ts";

const path = "/api/v1/unit-metrics";
const at = (id: string, part = "") => `${path}/${encodeURIComponent(id)}${part}`;

export const unitMetricQuery = (id: string) =>
  queryOptions({
    queryKey: [...unitMetricsKey, "one", id],
    queryFn: ({ signal }) => request<UnitMetric>(at(id), { signal }),
  });

export const metricValuesQuery = (id: string) =>
  queryOptions({
    queryKey: [...unitMetricsKey, "values", id],
    queryFn: ({ signal }) => request<MetricValues>(at(id, "/values"), { signal }),
  });

export const unitCostsQuery = (id: string) =>
  queryOptions({
    queryKey: [...unitMetricsKey, "costs", id],
    queryFn: ({ signal }) => request<UnitCosts>(at(id, "/costs"), { signal }),
  });

/** Pasted values as the server reads them, while they are typed. */
export const parsedValuesQuery = (text: string, kind: ValueKind) =>
  queryOptions({
    queryKey: [...unitMetricsKey, "read", text, kind],
    queryFn: ({ signal }) =>
      request<ParsedValues>(`${path}/read-values`, { method: "POST", body: { text, kind }, signal }),
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });

type Change =
  | { do: "create"; input: UnitMetricInput }
  | { do: "change"; id: string; input: UnitMetricChange }
  | { do: "delete"; id: string; version: number }
  | { do: "write"; id: string; input: ValuesChange };

export function useChangeUnitMetric(onDone: (metric: UnitMetric) => void) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (change: Change) => {
      if (change.do === "create") return request<UnitMetric>(path, { method: "POST", body: change.input });
      if (change.do === "delete")
        return request<UnitMetric>(`${at(change.id)}?version=${change.version}`, { method: "DELETE" });
      const part = change.do === "write" ? "/values" : "";
      return request<UnitMetric>(at(change.id, part), { method: "PUT", body: change.input });
    },
    onSuccess: async (metric) => {
      onDone(metric);
      await client.invalidateQueries({ queryKey: unitMetricsKey });
    },
    onError: (error) =>
      tell({ id: "unit-metric", tone: "error", title: "Everything is as it was.", body: error.message }),
  });
}
