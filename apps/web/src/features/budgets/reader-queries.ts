import { queryOptions } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { budgetsKey } from "./budget-queries.ts";

/** Who may be mentioned in what is said of a budget. */
export const readersQuery = (id: string) =>
  queryOptions({
    queryKey: [...budgetsKey, "people", id],
    queryFn: async ({ signal }) =>
      (
        await request<{ people: { id: string; name: string }[] }>(`/api/v1/budgets/${encodeURIComponent(id)}/people`, {
          signal,
        })
      ).people,
  });
