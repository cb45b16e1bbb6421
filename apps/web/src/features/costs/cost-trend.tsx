import type { Day, Period } from "@finops/kernel/period";
import { Legend } from "@finops/ui/charts/legend";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo, useState } from "react";
import { bucketLabel, bucketsOf, incompleteBucket } from "./cost-view.ts";
import { TrendTable } from "./trend-table.tsx";
import { trendSeries } from "./trend-series.ts";
import type { Answered } from "./use-costs.ts";

interface CostTrendProps {
  trend: Answered;
  /** Has the totals of the comparison, bucket by bucket. */
  totals: Answered | undefined;
  currency: string;
  chart: "area" | "bars" | "table";
  available: Period;
  today: Day;
  onDrill: (dimension: string, value: string | null) => void;
}

/** How the cost ran, and what it went to. */
export function CostTrend({ trend, totals, currency, chart, available, today, onDrill }: CostTrendProps) {
  const [highlight, setHighlight] = useState<string | null>(null);
  const { answer, view } = trend;
  const buckets = useMemo(() => bucketsOf(view.period, view.grain), [view]);
  const rows = useMemo(() => answer.rows.filter((row) => row.currency === currency), [answer, currency]);
  const series = useMemo(() => trendSeries(rows, view, buckets), [rows, view, buckets]);
  const previous = useMemo(
    () => (totals === undefined || totals.view.comparison === null ? null : previousOf(totals, currency, buckets)),
    [totals, currency, buckets],
  );
  const values = new Map(rows.map((row) => [`${view.by}=${row.key[view.by] ?? ""}`, row.key[view.by] ?? null]));
  const comparison = totals?.view.comparison ?? null;
  if (chart === "table")
    return (
      <TrendTable
        series={series}
        buckets={buckets}
        formatBucket={(bucket) => bucketLabel(bucket, view.grain, "full")}
        currency={currency}
        label={`${view.measureLabel} by ${view.byLabel} and ${view.grain}`}
      />
    );
  return (
    <div className="px-4 pb-3">
      <TrendChart
        description={`${view.measureLabel} by ${view.grain} and ${view.byLabel.toLowerCase()}, ${formatPeriod(view.period)}.`}
        buckets={buckets}
        formatBucket={(bucket, form) => bucketLabel(bucket, view.grain, form)}
        series={series}
        previous={previous}
        incomplete={incompleteBucket(view, available, today)}
        currency={currency}
        kind={chart}
        highlight={highlight}
      />
      <div className="mt-2 md:pl-12">
        <Legend
          series={series}
          previousLabel={previous === null || comparison === null ? null : formatPeriod(comparison)}
          onHighlight={setHighlight}
          onOpen={(one) => onDrill(view.by, values.get(one.id) ?? null)}
        />
      </div>
    </div>
  );
}

function previousOf({ answer, view }: Answered, currency: string, buckets: readonly string[]): (string | null)[] {
  const byTime = new Map(
    answer.rows
      .filter((row) => row.currency === currency && row.time !== null)
      .map((row) => [row.time!.slice(0, 10), row.comparison?.[view.measure]?.value ?? null]),
  );
  return buckets.map((bucket) => byTime.get(bucket) ?? null);
}

export function TrendSkeleton() {
  return (
    <div className="px-4 pb-3">
      <Skeleton className="h-[280px] w-full" />
      <Skeleton className="mt-3 h-5 w-1/2" />
    </div>
  );
}
