import type { CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import type { CostView, GroupKey, ViewMoment, ViewPlan } from "@finops/capabilities/views/contract";
import { bucketEnd } from "@finops/kernel/buckets";
import { ChartFrame } from "@finops/ui/charts/chart-frame";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import { dimensionLabel } from "../../lib/cost-words.ts";
import { ChartTable } from "../../lib/cost-view/chart-table.tsx";
import type { Answered, useAnswer } from "../../lib/cost-view/cost-answers.ts";
import { measureOf } from "../../lib/cost-view/measure-of.ts";
import { useDrawing } from "../../lib/cost-view/use-drawing.ts";
import { ViewChart } from "../../lib/cost-view/view-chart.tsx";
import { ChartTools } from "./chart-tools.tsx";
import type { useGroups } from "./explorer-queries.ts";

interface ChartCardProps {
  view: CostView;
  plan: ViewPlan;
  moment: ViewMoment;
  catalog: CostCatalog;
  currency: string | null;
  groups: ReturnType<typeof useGroups>;
  trend: ReturnType<typeof useAnswer>;
  before: Answered | undefined;
  onShow: (next: CostView) => void;
  onDrill: (path: readonly GroupKey[]) => void;
}

const chartHeight = 300;

export function ChartCard(props: ChartCardProps) {
  const { view, plan, moment, catalog, currency, groups, trend, before, onShow, onDrill } = props;
  const [by] = view.groupBy;
  const drawing = useDrawing({
    view,
    catalog,
    currency,
    groups: groups.data?.rows ?? noRows,
    trend: trend.data,
    before,
  });
  const { title, chart, unit, parts, series, buckets } = drawing;
  const measure = measureOf(catalog, view.measures[0]!);
  const about = `${formatPeriod(plan.period)}${measure.unit === "money" && currency !== null ? `, ${currency}` : ""}${
    chart === view.chart
      ? ""
      : `. Drawn as ${chart === "line" ? "lines" : "a ranking"}, since it does not add up to a whole`
  }`;
  if (chart === "none") return <ChartTools view={view} plan={plan} catalog={catalog} onShow={onShow} />;
  const isOverTime = plan.trend !== null;
  return (
    <ChartFrame
      title={title}
      about={about}
      height={chartHeight}
      legend={isOverTime ? series.map(({ label, colour }) => ({ label, colour })) : []}
      actions={<ChartTools view={view} plan={plan} catalog={catalog} onShow={onShow} />}
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
              onBucket={(bucket) => onShow(intoBucket(view, plan, bucket))}
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
