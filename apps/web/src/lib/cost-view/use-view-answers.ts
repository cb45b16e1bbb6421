import { type CostView, planView, type ViewMoment, type ViewPlan } from "@finops/capabilities/views/contract";
import { useMemo } from "react";
import { currenciesOf, useAnswer } from "./cost-answers.ts";

/** What of a view is shown where there is no room for all of it. */
export type Shows = "figure" | "chart" | "table";

interface Wanted {
  view: CostView;
  shows: Shows;
  moment: ViewMoment;
  rowsMax: number;
  /** False while nobody looks at it: then nothing is asked. */
  isWanted: boolean;
}

export interface ViewAnswers {
  view: CostView;
  shows: Shows;
  plan: ViewPlan;
  moment: ViewMoment;
  /** Null until it is known, or where there are no charges. */
  currency: string | null;
  totals: ReturnType<typeof useAnswer>;
  trend: ReturnType<typeof useAnswer>;
  before: ReturnType<typeof useAnswer>;
  groups: ReturnType<typeof useAnswer>;
  table: ReturnType<typeof useAnswer>;
}

/**
 * A view's answers, as far as they are shown. All are asked for at once; where the totals then tell of several currencies, the
 * rest is asked for again in the one with the most charges, since amounts of two currencies cannot share a chart.
 */
export function useViewAnswers({ view: given, shows, moment, rowsMax, isWanted }: Wanted): ViewAnswers {
  const view = useMemo(() => drawable(given, shows), [given, shows]);
  const every = useMemo(() => planView(view, moment), [view, moment]);
  const totals = useAnswer(isWanted ? every.totals : null);
  const currencies = useMemo(() => currenciesOf(totals.data?.answer.totals ?? []), [totals.data]);
  const currency =
    view.currency !== undefined && (currencies.length === 0 || currencies.includes(view.currency))
      ? view.currency
      : (currencies[0] ?? null);
  const narrowed = currencies.length > 1 ? currency : null;
  const plan = useMemo(
    () => (narrowed === null ? every : planView({ ...view, currency: narrowed }, moment)),
    [narrowed, every, view, moment],
  );
  const table = useMemo(() => ({ ...plan.table, limit: rowsMax }), [plan, rowsMax]);
  const isChart = isWanted && shows === "chart";
  return {
    view,
    shows,
    plan,
    moment,
    currency,
    totals,
    trend: useAnswer(isChart ? plan.trend : null),
    before: useAnswer(isChart ? plan.trendBefore : null),
    groups: useAnswer(isChart && plan.trend === null ? plan.groups : null),
    table: useAnswer(isWanted && shows === "table" ? table : null),
  };
}

/** Whoever asked for a chart of a view that has none gets its groups as a ranking. */
export function drawable(view: CostView, shows: Shows): CostView {
  return shows === "chart" && view.chart === "none" ? { ...view, chart: "ranking" } : view;
}
