import type { CostAnswer, CostCatalog, CostQueryInput } from "@finops/capabilities/costs/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { type CostView, filterOf, groupByOf, type MeasureName } from "./cost-view.ts";

export const costsKey = ["costs"];

/** The figures at the head of the page; the page's measure is asked for with them. */
export const kpiMeasures = [
  "billedCost",
  "effectiveCost",
  "totalSavings",
  "effectiveSavingsRate",
  "unusedCommitmentCost",
] as const satisfies readonly MeasureName[];

/** Groups that a table asks for at once; the answer says whether there are more. */
export const groupsMax = 5000;

export function useCatalog() {
  return useQuery({
    queryKey: [...costsKey, "catalog"],
    queryFn: ({ signal }) => request<CostCatalog>("/api/v1/cost/catalog", { signal }),
    // The first bill may be on its way in: the page fills itself when it is there.
    refetchInterval: (query) => (query.state.data?.available === null ? 3000 : false),
  });
}

/** An answer with the view that asked for it: while the next one is on its way, the old figures keep their own labels. */
export interface Answered {
  answer: CostAnswer;
  view: CostView;
}

export function useCostTotals(view: CostView) {
  const measures = [...new Set<MeasureName>([...kpiMeasures, view.measure, "rowCount"])];
  return useAnswer(view, { measures, grain: view.grain, ...compareOf(view), limit: 5000 });
}

export function useCostTrend(view: CostView) {
  return useAnswer(view, {
    measures: [view.measure],
    groupBy: groupByOf(view.by),
    grain: view.grain,
    top: { count: view.top, other: true },
    limit: 50_000,
  });
}

export function useCostGroups(view: CostView) {
  return useAnswer(view, {
    measures: [view.measure],
    groupBy: groupByOf(view.by),
    share: true,
    ...compareOf(view),
    limit: groupsMax,
  });
}

function useAnswer(view: CostView, query: Omit<CostQueryInput, "period" | "filter">) {
  const filter = filterOf(view);
  const body: CostQueryInput = { ...query, period: view.period, ...(filter === undefined ? {} : { filter }) };
  return useQuery({
    queryKey: [...costsKey, "query", body],
    queryFn: async ({ signal }): Promise<Answered> => {
      const answer = await request<CostAnswer>("/api/v1/cost/query", { method: "POST", body, signal });
      return { answer, view: hasComparison(answer) ? view : { ...view, comparison: null } };
    },
    placeholderData: keepPreviousData,
  });
}

/** A comparison that reaches back before the first bill compares with nothing: it is left out, not shown as growth. */
function hasComparison(answer: CostAnswer): boolean {
  return answer.totals.some((total) => Object.values(total.comparison ?? {}).some((figure) => figure.value !== null));
}

function compareOf(view: CostView): Pick<CostQueryInput, "compare"> {
  return view.comparison === null ? {} : { compare: view.comparison };
}
