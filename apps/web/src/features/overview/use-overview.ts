import type { CostAnswer, CostCatalog, CostFilter, CostQueryInput } from "@finops/capabilities/costs/contract";
import {
  type ExpectedCost,
  type ExpectedCostRequestInput,
  expectableMeasures,
} from "@finops/capabilities/forecasting/contract";
import type { ImportJob } from "@finops/capabilities/sources/contract";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useEarly } from "../../lib/cost-view/use-early.ts";
import { useMay } from "../../lib/session.ts";
import {
  filterOf,
  filterWith,
  groupByOf,
  heatPeriod,
  type MeasureName,
  monthsBefore,
  type OverviewView,
  taggable,
} from "./overview-view.ts";

const costsKey = ["costs"];

const totalMeasures = [
  "billedCost",
  "effectiveCost",
  "totalSavings",
  "effectiveSavingsRate",
] as const satisfies readonly MeasureName[];

const groupsMax = 5000;
/** As many as there are colours that stay apart. */
const trendTop = 10;
const heatRows = 12;
export const resourcesMax = 20;

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
  view: OverviewView;
}

/** Totals bucket by bucket, of every currency that there is. */
export function useTotals(view: OverviewView) {
  const measures = [...new Set<MeasureName>([...totalMeasures, view.measure, "rowCount"])];
  return useAnswer(view, { measures, grain: view.grain, ...compareOf(view), limit: 5000 });
}

export function useTrend(view: OverviewView) {
  return useAnswer(view, {
    measures: [view.measure],
    groupBy: groupByOf(view.by),
    grain: view.grain,
    top: { count: trendTop, other: true },
    limit: 50_000,
  });
}

export function useGroups(view: OverviewView) {
  return useAnswer(view, {
    measures: [view.measure],
    groupBy: groupByOf(view.by),
    share: true,
    ...compareOf(view),
    limit: groupsMax,
  });
}

/** What moved, as finely as people know their costs: a service of an account. */
export function useMovers(view: OverviewView) {
  return useAnswer(
    view,
    {
      measures: [view.measure],
      groupBy: ["serviceName", "subAccountId", "subAccountName"],
      ...compareOf(view),
      limit: groupsMax,
    },
    { isEnabled: view.comparison !== null },
  );
}

/** The two whole months before the one that the period ends in. */
export function useMonths(view: OverviewView) {
  return useAnswer(view, {
    measures: [view.measure],
    grain: "month",
    period: monthsBefore(view.month, 2),
    limit: 1000,
  });
}

/** Cost of what can carry a tag: all of it, and what carries none. */
export function useTaggable(view: OverviewView) {
  return useAnswer(view, { measures: [view.measure], ...compareOf(view), more: [taggable] });
}

export function useUntagged(view: OverviewView) {
  return useAnswer(
    view,
    {
      measures: [view.measure],
      ...compareOf(view),
      more: [taggable, { dimension: `tag:${view.tag ?? ""}`, isNull: true }],
    },
    { isEnabled: view.tag !== null },
  );
}

export function useHeat(view: OverviewView) {
  return useAnswer(view, {
    measures: [view.measure],
    groupBy: ["serviceName"],
    grain: "day",
    period: heatPeriod(view),
    top: { count: heatRows, other: false },
    limit: 20_000,
  });
}

export function useResources(view: OverviewView, tagKeys: readonly string[]) {
  return useAnswer(view, {
    measures: [view.measure],
    groupBy: [
      "resourceId",
      "resourceName",
      "serviceName",
      "subAccountId",
      "subAccountName",
      "regionId",
      ...tagKeys.map((key) => `tag:${key}`),
    ],
    share: true,
    limit: resourcesMax,
    more: [{ not: { dimension: "resourceId", isNull: true } }],
  });
}

/** Rows per day of each billing account: a day without any, between days that have some, did not come in. */
export function useCoverage(view: OverviewView) {
  return useAnswer(
    { ...view, where: [], currency: null },
    {
      measures: ["rowCount"],
      groupBy: ["providerName", "billingAccountId"],
      grain: "day",
      period: heatPeriod(view),
      limit: 50_000,
    },
  );
}

export function useExpected(view: OverviewView, currency: string | null) {
  const measure = expectableMeasures.find((name) => name === view.measure);
  const filter = filterWith(view);
  const body: ExpectedCostRequestInput = {
    ...(measure === undefined ? {} : { measure }),
    ...(filter === undefined ? {} : { filter }),
    currency: currency ?? "",
    month: view.month.start.slice(0, 7),
  };
  return useQuery({
    queryKey: [...costsKey, "expected", body],
    queryFn: ({ signal }) => request<ExpectedCost>("/api/v1/cost/expected", { method: "POST", body, signal }),
    enabled: measure !== undefined && currency !== null,
    placeholderData: keepPreviousData,
  });
}

/** Imports that did not end well, for the strip at the foot. */
export function useFailedImports() {
  return useQuery({
    queryKey: ["imports"],
    queryFn: async ({ signal }) => (await request<{ imports: ImportJob[] }>("/api/v1/imports", { signal })).imports,
    enabled: useMay("sources:read"),
    select: (jobs) => jobs.filter((job) => job.state === "failed"),
  });
}

type Question = Omit<CostQueryInput, "period" | "filter"> & {
  period?: CostQueryInput["period"];
  more?: readonly CostFilter[];
};

function useAnswer(view: OverviewView, { more = [], ...query }: Question, { isEnabled = true } = {}) {
  const base = filterOf(view);
  const filter = more.length === 0 ? base : { and: [...(base === undefined ? [] : [base]), ...more] };
  const body: CostQueryInput = { period: view.period, ...query, ...(filter === undefined ? {} : { filter }) };
  const asked = queryOptions({
    // Two views can ask the same and read it otherwise, as by another measure: each keeps its answer under its own name.
    queryKey: [...costsKey, "query", body, view],
    queryFn: async ({ signal }): Promise<Answered> => {
      const answer = await request<CostAnswer>("/api/v1/cost/query", { method: "POST", body, signal });
      return { answer, view: hasComparison(answer) ? view : { ...view, comparison: null } };
    },
  });
  useEarly(isEnabled ? asked.queryKey : null, (client) => client.prefetchQuery(asked));
  return useQuery({ ...asked, enabled: isEnabled, placeholderData: keepPreviousData });
}

/** A comparison that reaches back before the first bill compares with nothing: it is left out, not shown as growth. */
function hasComparison(answer: CostAnswer): boolean {
  return answer.totals.some((total) => Object.values(total.comparison ?? {}).some((figure) => figure.value !== null));
}

function compareOf(view: OverviewView): Pick<CostQueryInput, "compare"> {
  return view.comparison === null ? {} : { compare: view.comparison };
}
