import type { CostAnswer, CostFilter, CostQueryInput } from "@finops/capabilities/costs/contract";
import { allOf, type CostView } from "@finops/capabilities/views/contract";
import type { Period } from "@finops/kernel/period";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";

/** Which charges the values are of. */
export interface ValueScope {
  period: Period;
  basis: CostView["basis"];
  filter: CostFilter | undefined;
  asOf: string | undefined;
}

/** Values of a dimension, those with the highest cost first. */
export function useValues(dimension: string, search: string, scope: ValueScope) {
  const filter = allOf([scope.filter, search === "" ? undefined : { dimension, contains: search }]);
  const body: CostQueryInput = {
    measures: ["effectiveCost"],
    groupBy: [dimension],
    period: scope.period,
    basis: scope.basis,
    limit: 100,
    ...(filter === undefined ? {} : { filter }),
    ...(scope.asOf === undefined ? {} : { asOf: scope.asOf }),
  };
  return useQuery({
    queryKey: ["costs", "values", body],
    queryFn: async ({ signal }) => {
      const answer = await request<CostAnswer>("/api/v1/cost/query", { method: "POST", body, signal });
      const values = answer.rows.map((row) => ({
        value: row.key[dimension] ?? null,
        costs: [{ currency: row.currency, cost: row.values["effectiveCost"]! }],
      }));
      return { values, total: values.length };
    },
    placeholderData: keepPreviousData,
  });
}
