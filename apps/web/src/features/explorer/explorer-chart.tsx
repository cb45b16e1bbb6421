import type { CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import type { CostView, GroupKey, ViewPlan } from "@finops/capabilities/views/contract";
import { bucketsOf } from "@finops/kernel/buckets";
import { Donut } from "@finops/ui/charts/donut";
import { Legend } from "@finops/ui/charts/legend";
import type { Series } from "@finops/ui/charts/series";
import { Treemap } from "@finops/ui/charts/treemap";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo, useState } from "react";
import { bucketLabel, dimensionLabel, incompleteBucket } from "../../lib/cost-words.ts";
import type { Answered } from "./explorer-queries.ts";
import type { Chart } from "./explorer-state.ts";
import { groupId, groupKey, partsOf } from "./group-rows.ts";
import { measureOf } from "./use-explorer.ts";
import type { ViewMoment } from "@finops/capabilities/views/contract";

interface ExplorerChartProps {
  view: CostView;
  plan: ViewPlan;
  moment: ViewMoment;
  catalog: CostCatalog;
  chart: Chart;
  currency: string;
  groups: readonly CostRow[];
  series: readonly Series[];
  trend: Answered | undefined;
  before: Answered | undefined;
  onDrill: (path: readonly GroupKey[]) => void;
}

/** The leading measure of the biggest groups, in the form that was chosen. */
export function ExplorerChart(props: ExplorerChartProps) {
  const { view, plan, catalog, chart, currency, groups, onDrill } = props;
  const [by] = view.groupBy;
  const measure = measureOf(catalog, view.measures[0]!);
  const label = by === undefined ? "" : ` by ${dimensionLabel(by, catalog).toLowerCase()}`;
  const description = `${measure.label}${label}, ${formatPeriod(plan.period)}.`;
  const ofCurrency = useMemo(() => groups.filter((row) => row.currency === currency), [groups, currency]);
  const parts = useMemo(
    () => partsOf(ofCurrency, by, view.measures[0]!, view.top, measure.additive),
    [ofCurrency, by, view.measures, view.top, measure.additive],
  );
  const drillInto = (id: string) => {
    const row = ofCurrency.find((one) => groupId(by, one) === id);
    if (row !== undefined && by !== undefined) onDrill([groupKey(by, row)]);
  };
  if (chart === "treemap")
    return (
      <Treemap description={description} parts={parts} currency={currency} onActivate={(part) => drillInto(part.id)} />
    );
  if (chart === "donut")
    return (
      <Donut description={description} parts={parts} currency={currency} onActivate={(part) => drillInto(part.id)} />
    );
  return <OverTime {...props} description={description} onOpen={drillInto} />;
}

function OverTime({
  view,
  plan,
  moment,
  chart,
  currency,
  series,
  before,
  description,
  onOpen,
}: ExplorerChartProps & { description: string; onOpen: (id: string) => void }) {
  const [highlight, setHighlight] = useState<string | null>(null);
  const buckets = useMemo(() => bucketsOf(plan.period, plan.grain), [plan]);
  const previous = useMemo(() => previousOf(before, view, currency, buckets.length), [before, view, currency, buckets]);
  return (
    <>
      <TrendChart
        description={`${description.slice(0, -1)}, by ${plan.grain}.`}
        buckets={buckets}
        formatBucket={(bucket, form) => bucketLabel(bucket, plan.grain, form)}
        series={series}
        previous={previous}
        incomplete={incompleteBucket(plan.period, plan.grain, moment.available, moment.today)}
        currency={currency}
        kind={chart === "bars" ? "bars" : "area"}
        highlight={highlight}
      />
      <div className="mt-2 md:pl-12">
        <Legend
          series={series}
          previousLabel={previous === null || plan.comparison === null ? null : formatPeriod(plan.comparison)}
          onHighlight={setHighlight}
          onOpen={(one) => onOpen(one.id)}
        />
      </div>
    </>
  );
}

/** The first bucket stands beside the first, whatever their days. */
function previousOf(
  before: Answered | undefined,
  view: CostView,
  currency: string,
  count: number,
): (string | null)[] | null {
  if (before === undefined) return null;
  const [measure] = view.measures;
  const buckets = bucketsOf(before.asked.period, before.asked.grain ?? "day");
  const values = new Map(
    before.answer.rows
      .filter((row) => row.currency === currency && row.time !== null)
      .map((row) => [
        row.time!,
        (before.asked.runningTotal === true ? row.runningTotal : row.values)?.[measure!]?.value ?? null,
      ]),
  );
  if ([...values.values()].every((value) => value === null)) return null;
  return Array.from({ length: count }, (_, index) => values.get(buckets[index] ?? "") ?? null);
}
