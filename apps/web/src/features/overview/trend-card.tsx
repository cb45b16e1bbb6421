import type { ExpectedCost } from "@finops/capabilities/forecasting/contract";
import { bucketsOf } from "@finops/kernel/buckets";
import type { Day, Period } from "@finops/kernel/period";
import { ChartFrame } from "@finops/ui/charts/chart-frame";
import { Legend } from "@finops/ui/charts/legend";
import type { Series } from "@finops/ui/charts/series";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { Segments } from "@finops/ui/primitives/segments";
import { Async, type Loadable } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import { type ReactNode, useMemo, useState } from "react";
import { bucketLabel, incompleteBucket } from "../../lib/cost-words.ts";
import type { OverviewSearch } from "./overview-search.ts";
import type { OverviewView } from "./overview-view.ts";
import { TrendTable } from "./lazy-blocks.tsx";
import { expectedSeries, trendSeries } from "./trend-series.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import type { Answered } from "./use-overview.ts";

interface TrendCardProps {
  trend: Loadable<Answered>;
  /** Has the totals of the comparison, bucket by bucket. */
  totals: Answered | undefined;
  expected: ExpectedCost | undefined;
  view: OverviewView;
  currency: string;
  search: OverviewSearch;
  available: Period;
  today: Day;
  navigation: OverviewNavigation;
  byMenu: ReactNode;
}

/** How the cost ran, what it went to, and what is to come of the month. */
export function TrendCard({ trend, view, search, navigation, byMenu, ...rest }: TrendCardProps) {
  const { change, tableOf } = navigation;
  // Bars say what each day cost; where they would be too thin to tell apart, an area shows the course.
  const kind = search.chart ?? (bucketsOf(view.period, view.grain).length <= 31 ? "bars" : "area");
  const shown = useShownTrend(trend.data, rest);
  return (
    <ChartFrame
      title="Trend"
      about={`${view.measureLabel} by ${view.grain} and ${view.byLabel.toLowerCase()}, ${formatPeriod(view.period)}`}
      height={280}
      {...tableOf("trend")}
      {...(shown === null ? {} : { legend: shown.series })}
      actions={
        <>
          {byMenu}
          <Segments label="Grain" value={view.grain} options={grains} onChoose={(grain) => change({ grain })} />
          <Segments label="Drawn as" value={kind} options={kinds} onChoose={(chart) => change({ chart })} />
        </>
      }
      table={
        shown === null ? null : (
          <TrendTable
            buckets={shown.buckets}
            series={shown.series}
            currency={rest.currency}
            grain={view.grain}
            byLabel={view.byLabel}
          />
        )
      }
    >
      {(height) => (
        <Async of={trend} name="The trend" skeleton={<TrendSkeleton height={height} />}>
          {({ view: asked }) =>
            shown !== null && (
              <TrendPicture
                shown={shown}
                view={asked}
                kind={kind}
                height={height}
                currency={rest.currency}
                against={rest.totals?.view.comparison ?? null}
                navigation={navigation}
              />
            )
          }
        </Async>
      )}
    </ChartFrame>
  );
}

interface ShownTrend {
  buckets: readonly string[];
  series: readonly Series[];
  previous: readonly (string | null)[] | null;
  incomplete: string | null;
  forecastFrom: string | null;
  /** What each part of the chart stands for. */
  values: ReadonlyMap<string, string | null>;
}

function useShownTrend(
  trend: Answered | undefined,
  {
    totals,
    expected,
    currency,
    available,
    today,
  }: Omit<TrendCardProps, "trend" | "view" | "search" | "navigation" | "byMenu">,
): ShownTrend | null {
  return useMemo(() => {
    if (trend === undefined) return null;
    const { answer, view } = trend;
    const rows = answer.rows.filter((row) => row.currency === currency);
    const known = bucketsOf(view.period, view.grain);
    // The days to come stand beside those of their own month only.
    const hasForecast =
      view.grain === "day" &&
      view.period.start >= view.month.start &&
      view.period.end < view.month.end &&
      expected !== undefined &&
      expected.measure === view.measure &&
      expected.period.end === view.month.end &&
      expected.expected.value !== null;
    const buckets = hasForecast ? bucketsOf({ start: view.period.start, end: view.month.end }, "day") : known;
    const series = trendSeries(rows, view, buckets);
    return {
      buckets,
      series: hasForecast ? [...series, expectedSeries(expected, buckets, view.period.end)] : series,
      previous: totals === undefined || totals.view.comparison === null ? null : previousOf(totals, currency, buckets),
      incomplete: incompleteBucket(view.period, view.grain, available, today),
      forecastFrom: hasForecast ? view.period.end : null,
      values: new Map(rows.map((row) => [`${view.by}=${row.key[view.by] ?? ""}`, row.key[view.by] ?? null])),
    };
  }, [trend, totals, expected, currency, available, today]);
}

function TrendPicture({
  shown,
  view,
  kind,
  height,
  currency,
  against,
  navigation: { drill, showPeriod },
}: {
  shown: ShownTrend;
  view: OverviewView;
  kind: "area" | "bars" | "lines";
  height: number;
  currency: string;
  against: Period | null;
  navigation: OverviewNavigation;
}) {
  const [highlight, setHighlight] = useState<string | null>(null);
  const { buckets } = shown;
  return (
    <>
      <TrendChart
        description={`${view.measureLabel} by ${view.grain} and ${view.byLabel.toLowerCase()}, ${formatPeriod(view.period)}.`}
        buckets={buckets}
        formatBucket={(bucket, form) => bucketLabel(bucket, view.grain, form)}
        series={shown.series}
        previous={shown.previous}
        incomplete={shown.incomplete}
        forecastFrom={shown.forecastFrom}
        currency={currency}
        kind={kind}
        highlight={highlight}
        height={height}
        onActivate={(bucket) => {
          const days = daysOf(bucket, view);
          if (days !== null) showPeriod(days.start, days.end);
        }}
        brush={{
          range: null,
          onRange: (range) => {
            const from = range === null ? null : daysOf(buckets[range[0]]!, view);
            const to = range === null ? null : daysOf(buckets[range[1]]!, view);
            if (from !== null && to !== null) showPeriod(from.start, to.end);
          },
        }}
      />
      <div className="mt-2 md:pl-12">
        <Legend
          series={shown.series}
          previousLabel={shown.previous === null || against === null ? null : formatPeriod(against)}
          onHighlight={setHighlight}
          onOpen={(one) => drill([view.by, shown.values.get(one.id) ?? null])}
        />
      </div>
    </>
  );
}

/** The days of a bucket that are part of the period; null of days to come. */
function daysOf(bucket: string, { period, grain }: OverviewView): Period | null {
  if (bucket >= period.end) return null;
  const next = bucketsOf({ start: bucket, end: period.end }, grain)[1] ?? period.end;
  return { start: bucket < period.start ? period.start : bucket, end: next < period.end ? next : period.end };
}

const grains = [
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "Month" },
] as const;

const kinds = [
  { value: "area", label: "Area" },
  { value: "bars", label: "Bars" },
  { value: "lines", label: "Lines" },
] as const;

function TrendSkeleton({ height }: { height: number }) {
  return (
    <div style={{ height: height + 66 }}>
      <Skeleton className="h-4/5 w-full" />
      <Skeleton className="mt-3 h-5 w-1/2" />
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
