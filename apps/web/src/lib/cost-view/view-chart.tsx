import type { CostView, GroupKey, ViewMoment, ViewPlan } from "@finops/capabilities/views/contract";
import { matrixGrid } from "@finops/ui/charts/heatmap-layout";
import { HorizontalBars } from "@finops/ui/charts/horizontal-bars";
import { Legend } from "@finops/ui/charts/legend";
import type { Part } from "@finops/ui/charts/part";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { formatPeriod } from "@finops/ui/text/format-day";
import { lazy, memo, useMemo, useState } from "react";
import { bucketLabel, incompleteBucket } from "../cost-words.ts";
import { groupId, groupKey } from "./group-rows.ts";
import { late } from "../late.tsx";
import type { Drawing } from "./use-drawing.ts";

// Most views are drawn over time or as a ranking.
const Treemap = late(
  lazy(async () => ({ default: (await import("@finops/ui/charts/treemap")).Treemap })),
  "h-[300px]",
);
const Donut = late(
  lazy(async () => ({ default: (await import("@finops/ui/charts/donut")).Donut })),
  "h-[300px]",
);
const Heatmap = late(
  lazy(async () => ({ default: (await import("@finops/ui/charts/heatmap")).Heatmap })),
  "h-[300px]",
);

export interface ViewChartProps {
  view: CostView;
  plan: Pick<ViewPlan, "period" | "grain" | "comparison">;
  moment: ViewMoment;
  drawing: Drawing;
  /** What the chart says, in a sentence. */
  description: string;
  height: number;
  /** Where its marks lead; without it, it is only looked at. */
  onDrill?: (path: readonly GroupKey[]) => void;
  onBucket?: (bucket: string) => void;
}

/** The leading measure of the biggest groups, in the form that was chosen. */
export const ViewChart = memo(function ViewChart(props: ViewChartProps) {
  const { view, drawing, description, height, onDrill } = props;
  const { chart, unit, groups, parts } = drawing;
  const [by] = view.groupBy;
  const drillInto =
    onDrill === undefined || by === undefined
      ? undefined
      : (id: string) => {
          const row = groups.find((one) => groupId(by, one) === id);
          if (row !== undefined) onDrill([groupKey(by, row)]);
        };
  const shared = {
    description,
    parts,
    currency: unit.currency,
    ...(drillInto === undefined ? {} : { onActivate: (part: Part) => drillInto(part.id) }),
  };
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
});

type Opening = ViewChartProps & { onOpen: ((id: string) => void) | undefined };

function OverTime({
  plan,
  moment,
  drawing: { chart, unit, series, buckets, previous },
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
        {...(onBucket === undefined ? {} : { onActivate: onBucket })}
      />
      <div className="mt-2 md:pl-12">
        <Legend
          series={series}
          previousLabel={
            previous === null || plan.comparison === null || chart === "line" ? null : formatPeriod(plan.comparison)
          }
          onHighlight={setHighlight}
          {...(onOpen === undefined ? {} : { onOpen: (one) => onOpen(one.id) })}
        />
      </div>
    </>
  );
}

function Matrix({ plan, drawing: { unit, series, buckets }, description, onOpen }: Opening) {
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
      {...(onOpen === undefined
        ? {}
        : {
            onActivate: (cell) => {
              const row = series[cell.row];
              if (row !== undefined && row.isOther !== true) onOpen(row.id);
            },
          })}
    />
  );
}
