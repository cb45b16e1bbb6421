import type { CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import type { CostView, GroupKey, ViewMoment, ViewPlan } from "@finops/capabilities/views/contract";
import { bucketEnd } from "@finops/kernel/buckets";
import { ChartFrame } from "@finops/ui/charts/chart-frame";
import { Async, type Loadable } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useLatest } from "@finops/ui/table/use-latest";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useCallback } from "react";
import { dimensionLabel } from "../../lib/cost-words.ts";
import { ChartTable } from "../../lib/cost-view/chart-table.tsx";
import type { Answered } from "../../lib/cost-view/cost-answers.ts";
import { measureOf } from "../../lib/cost-view/measure-of.ts";
import { useDrawing } from "../../lib/cost-view/use-drawing.ts";
import { ViewChart } from "../../lib/cost-view/view-chart.tsx";
import { ChartTools } from "./chart-tools.tsx";
import type { useGroups } from "./explorer-queries.ts";

/** A view with the answers that belong to it. */
export interface Shown {
  view: CostView;
  plan: ViewPlan;
  currency: string | null;
  groups: ReturnType<typeof useGroups>["data"];
  trend: Answered | undefined;
  before: Answered | undefined;
}

interface ChartCardProps {
  /** What is asked for now, which the tools of the chart say at once. */
  view: CostView;
  plan: ViewPlan;
  /** What is drawn, until the answers of now are there. */
  shown: Shown;
  moment: ViewMoment;
  catalog: CostCatalog;
  groups: Loadable<unknown>;
  trend: Loadable<unknown>;
  onShow: (next: CostView) => void;
  onDrill: (path: readonly GroupKey[]) => void;
}

const chartHeight = 300;

export function ChartCard(props: ChartCardProps) {
  const { shown, moment, catalog, groups, trend } = props;
  const { view, plan, currency } = shown;
  const [by] = view.groupBy;
  const drawing = useDrawing({
    view,
    catalog,
    currency,
    groups: shown.groups?.rows ?? noRows,
    trend: shown.trend,
    before: shown.before,
  });
  const latest = useLatest(props);
  const onDrill = useCallback((path: readonly GroupKey[]) => latest.current.onDrill(path), [latest]);
  const onBucket = useCallback(
    (bucket: string) => latest.current.onShow(intoBucket(latest.current.view, latest.current.plan, bucket)),
    [latest],
  );
  const { title, chart, unit, parts, series, buckets } = drawing;
  const measure = measureOf(catalog, view.measures[0]!);
  const about = `${formatPeriod(plan.period)}${measure.unit === "money" && currency !== null ? `, ${currency}` : ""}${
    chart === view.chart
      ? ""
      : `. Drawn as ${chart === "line" ? "lines" : "a ranking"}, since it does not add up to a whole`
  }`;
  const tools = <ChartTools view={props.view} plan={props.plan} catalog={catalog} onShow={props.onShow} />;
  if (chart === "none") return tools;
  const isOverTime = plan.trend !== null;
  return (
    <ChartFrame
      title={title}
      about={about}
      height={chartHeight}
      legend={isOverTime ? series.map(({ label, colour }) => ({ label, colour })) : []}
      actions={tools}
      table={
        <ChartTable
          label={title}
          grain={plan.grain}
          unit={unit.currency}
          by={by === undefined ? "All" : dimensionLabel(by, catalog)}
          {...(isOverTime ? { series, buckets } : { parts })}
        />
      }
    >
      {(height) => (
        <Async of={isOverTime ? trend : groups} name="The chart" skeleton={<Skeleton className="h-[300px] w-full" />}>
          {() => (
            <ViewChart
              view={view}
              plan={plan}
              moment={moment}
              drawing={drawing}
              description={`${title}, ${formatPeriod(plan.period)}${isOverTime ? `, by ${plan.grain}` : ""}.`}
              height={height}
              onDrill={onDrill}
              onBucket={onBucket}
            />
          )}
        </Async>
      )}
    </ChartFrame>
  );
}

const noRows: readonly CostRow[] = [];

/** One bucket alone, in the next finer grain. */
function intoBucket(view: CostView, plan: ViewPlan, bucket: string): CostView {
  const day = bucket.slice(0, 10);
  const { grain: _, ...rest } = view;
  const [start, end] = [day > plan.period.start ? day : plan.period.start, bucketEnd(bucket, plan.grain)];
  const period = { start, end: end < plan.period.end ? end : plan.period.end };
  return { ...rest, period, ...(plan.grain === "day" ? { grain: "hour" as const } : {}) };
}
