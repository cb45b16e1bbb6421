import type { CostRow } from "@finops/capabilities/costs/contract";
import type { CostView, GroupKey, ViewMoment, ViewPlan } from "@finops/capabilities/views/contract";
import { bucketsOf } from "@finops/kernel/buckets";
import { Donut } from "@finops/ui/charts/donut";
import { Heatmap } from "@finops/ui/charts/heatmap";
import { matrixGrid } from "@finops/ui/charts/heatmap-layout";
import { HorizontalBars } from "@finops/ui/charts/horizontal-bars";
import { Legend } from "@finops/ui/charts/legend";
import type { Part } from "@finops/ui/charts/part";
import type { Series } from "@finops/ui/charts/series";
import { Treemap } from "@finops/ui/charts/treemap";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo, useState } from "react";
import { bucketLabel, incompleteBucket } from "../../lib/cost-words.ts";
import type { Answered } from "./explorer-queries.ts";
import type { Chart } from "./explorer-state.ts";
import type { ChartUnit } from "./chart-figures.ts";
import { groupId, groupKey } from "./group-rows.ts";

export interface ExplorerChartProps {
  view: CostView;
  plan: ViewPlan;
  moment: ViewMoment;
  chart: Chart;
  unit: ChartUnit;
  /** What the chart says, in a sentence. */
  description: string;
  height: number;
  groups: readonly CostRow[];
  parts: readonly Part[];
  series: readonly Series[];
  buckets: readonly string[];
  previous: readonly (string | null)[] | null;
  onDrill: (path: readonly GroupKey[]) => void;
  onBucket: (bucket: string) => void;
}

/** The leading measure of the biggest groups, in the form that was chosen. */
export function ExplorerChart(props: ExplorerChartProps) {
  const { view, chart, unit, description, height, groups, parts, onDrill } = props;
  const [by] = view.groupBy;
  const drillInto = (id: string) => {
    const row = groups.find((one) => groupId(by, one) === id);
    if (row !== undefined && by !== undefined) onDrill([groupKey(by, row)]);
  };
  const shared = { description, parts, currency: unit.currency, onActivate: (part: Part) => drillInto(part.id) };
  switch (chart) {
    case "treemap":
      return <Treemap {...shared} height={height} />;
    case "donut":
      return <Donut {...shared} height={height} />;
    case "ranking":
      return <HorizontalBars {...shared} hasColours />;
    case "heatmap":
      return <Matrix {...props} onOpen={drillInto} />;
    default:
      return <OverTime {...props} onOpen={drillInto} />;
  }
}

type Opening = ExplorerChartProps & { onOpen: (id: string) => void };

function OverTime({
  plan,
  moment,
  chart,
  unit,
  series,
  buckets,
  previous,
  description,
  height,
  onOpen,
  onBucket,
}: Opening) {
  const [highlight, setHighlight] = useState<string | null>(null);
  return (
    <>
      <TrendChart
        description={description}
        buckets={buckets}
        formatBucket={(bucket, form) => bucketLabel(bucket, plan.grain, form)}
        series={series}
        previous={previous}
        incomplete={incompleteBucket(plan.period, plan.grain, moment.available, moment.today)}
        currency={unit.currency}
        kind={chart === "bars" ? "bars" : chart === "line" ? "lines" : "area"}
        highlight={highlight}
        height={height}
        onActivate={onBucket}
      />
      <div className="mt-2 md:pl-12">
        <Legend
          series={series}
          previousLabel={
            previous === null || plan.comparison === null || chart === "line" ? null : formatPeriod(plan.comparison)
          }
          onHighlight={setHighlight}
          onOpen={(one) => onOpen(one.id)}
        />
      </div>
    </>
  );
}

function Matrix({ plan, unit, series, buckets, description, onOpen }: Opening) {
  const grid = useMemo(
    () =>
      matrixGrid(
        series,
        buckets.map((bucket) => ({
          id: bucket,
          label: bucketLabel(bucket, plan.grain, "axis"),
          full: bucketLabel(bucket, plan.grain, "full"),
        })),
      ),
    [series, buckets, plan.grain],
  );
  return (
    <Heatmap
      description={description}
      grid={grid}
      currency={unit.currency}
      nameWidth={168}
      onActivate={(cell) => {
        const row = series[cell.row];
        if (row !== undefined && !row.isOther) onOpen(row.id);
      }}
    />
  );
}

/** Totals of the comparison, the first bucket beside the first, whatever their days. */
export function previousOf(
  before: Answered | undefined,
  currency: string | null,
  count: number,
  unit: ChartUnit,
): (string | null)[] | null {
  if (before === undefined) return null;
  const { answer, asked } = before;
  const buckets = bucketsOf(asked.period, asked.grain ?? "day");
  const values = new Map(
    answer.rows
      .filter((row) => row.currency === currency && row.time !== null)
      .map((row) => [
        row.time!,
        (asked.runningTotal === true ? row.runningTotal : row.values)?.[asked.measures[0]!]?.value ?? null,
      ]),
  );
  if ([...values.values()].every((value) => value === null)) return null;
  return Array.from({ length: count }, (_, index) => unit.scale(values.get(buckets[index] ?? "") ?? null));
}
