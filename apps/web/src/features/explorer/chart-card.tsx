import type { CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import type { CostView, GroupKey, ViewMoment, ViewPlan } from "@finops/capabilities/views/contract";
import { bucketEnd, bucketsOf } from "@finops/kernel/buckets";
import { ChartFrame } from "@finops/ui/charts/chart-frame";
import type { Series } from "@finops/ui/charts/series";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo } from "react";
import { dimensionLabel } from "../../lib/cost-words.ts";
import { chartUnit } from "./chart-figures.ts";
import { ChartTable } from "./chart-table.tsx";
import { ChartTools } from "./chart-tools.tsx";
import { ExplorerChart, previousOf } from "./explorer-chart.tsx";
import type { Answered, useAnswer, useGroups } from "./explorer-queries.ts";
import { possibleChart } from "./explorer-state.ts";
import { partsOf, unitOf } from "./group-rows.ts";
import { measureOf } from "./use-explorer.ts";

interface ChartCardProps {
  view: CostView;
  plan: ViewPlan;
  moment: ViewMoment;
  catalog: CostCatalog;
  currency: string | null;
  groups: ReturnType<typeof useGroups>;
  trend: ReturnType<typeof useAnswer>;
  before: Answered | undefined;
  series: readonly Series[];
  onShow: (next: CostView) => void;
  onDrill: (path: readonly GroupKey[]) => void;
}

const chartHeight = 300;

export function ChartCard(props: ChartCardProps) {
  const { view, plan, moment, catalog, currency, groups, trend, before, onShow, onDrill } = props;
  const [by] = view.groupBy;
  const measure = measureOf(catalog, view.measures[0]!);
  const chart = possibleChart(view.chart, measure);
  const rows = useMemo(
    () => (groups.data?.rows ?? noRows).filter((row) => row.currency === currency),
    [groups.data, currency],
  );
  const unit = useMemo(() => {
    const units = new Set(rows.map((row) => unitOf(view.measures[0]!, row)));
    return chartUnit(measure, currency ?? "", units.size === 1 ? [...units][0]! : null);
  }, [measure, currency, rows, view.measures]);
  const parts = useMemo(
    () =>
      partsOf(rows, by, view.measures[0]!, view.top, measure.additive).map((part) => ({
        ...part,
        value: unit.scale(part.value),
        before: unit.scale(part.before ?? null),
      })),
    [rows, by, view.measures, view.top, measure.additive, unit],
  );
  const { asked } = trend.data ?? {};
  const buckets = useMemo(() => (asked === undefined ? [] : bucketsOf(asked.period, asked.grain ?? "day")), [asked]);
  const series = useMemo(
    () => props.series.map((one) => ({ ...one, values: one.values.map(unit.scale) })),
    [props.series, unit],
  );
  const previous = useMemo(
    () => previousOf(before, currency, buckets.length, unit),
    [before, currency, buckets.length, unit],
  );
  const name = by === undefined ? "" : ` by ${dimensionLabel(by, catalog).toLowerCase()}`;
  const title = `${measure.label}${name}`;
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
            <ExplorerChart
              view={view}
              plan={plan}
              moment={moment}
              chart={chart}
              unit={unit}
              description={`${title}, ${formatPeriod(plan.period)}${isOverTime ? `, by ${plan.grain}` : ""}.`}
              height={height}
              groups={rows}
              parts={parts}
              series={series}
              buckets={buckets}
              previous={previous}
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
