import type { CostFilter } from "@finops/capabilities/costs/contract";
import { type CostView } from "@finops/capabilities/views/contract";
import type { Period } from "@finops/kernel/period";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "../api.ts";

/** Which charges the values are of. */
export interface ValueScope {
  period: Period;
  basis: CostView["basis"];
  filter: CostFilter | undefined;
  asOf: string | undefined;
}

interface Values {
  values: {
    value: string | null;
    rows: number;
    costs: { currency: string; cost: { value: string | null; missing?: string } }[];
  }[];
  total: number;
}

/** What an address holds of a filter; a longer one leaves the list longer than it need be. */
const filterMax = 8000;

/** Values of a dimension, those with the highest cost first. */
export function useValues(dimension: string, search: string, scope: ValueScope) {
  const filter = scope.filter === undefined ? "" : JSON.stringify(scope.filter);
  const parameters = new URLSearchParams({
    ...scope.period,
    basis: scope.basis,
    limit: "100",
    ...(search === "" ? {} : { search }),
    ...(filter === "" || filter.length > filterMax ? {} : { filter }),
    ...(scope.asOf === undefined ? {} : { asOf: scope.asOf }),
  });
  const path = `/api/v1/cost/dimensions/${encodeURIComponent(dimension)}/values?${parameters.toString()}`;
  return useQuery({
    queryKey: ["costs", "values", path],
    queryFn: ({ signal }) => request<Values>(path, { signal }),
    placeholderData: keepPreviousData,
  });
}
