import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { Day, Period } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { FilterChip } from "@finops/ui/primitives/chip";
import { Segments } from "@finops/ui/primitives/segments";
import { Async, type Loadable } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { formatPeriod } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";
import { useMemo } from "react";
import { CostSentence } from "./cost-sentence.tsx";
import { CostTable, TableSkeleton } from "./cost-table.tsx";
import { GroupByMenu, MeasureMenu } from "./cost-tools.tsx";
import { CostTrend, TrendSkeleton } from "./cost-trend.tsx";
import { bucketsOf, type CostView, dimensionLabel, valueLabel } from "./cost-view.ts";
import type { CostsSearch } from "./costs-search.ts";
import { Freshness } from "./freshness.tsx";
import { KpiRow, KpiSkeleton } from "./kpi-row.tsx";
import { trendSeries } from "./trend-series.ts";
import { type Answered, groupsMax, useCostGroups, useCostTrend } from "./use-costs.ts";
import type { CostsNavigation } from "./use-costs-navigation.ts";

interface CostsOverviewProps {
  view: CostView;
  search: CostsSearch;
  catalog: CostCatalog;
  available: Period;
  today: Day;
  totals: Loadable<Answered> & { isPlaceholderData: boolean };
  currency: string | null;
  navigation: CostsNavigation;
}

export function CostsOverview({
  view,
  search,
  catalog,
  available,
  today,
  totals,
  currency,
  navigation,
}: CostsOverviewProps) {
  const trend = useCostTrend(view);
  const groups = useCostGroups(view);
  const { change, drill } = navigation;
  const colours = useMemo(() => coloursOf(trend.data, currency), [trend.data, currency]);
  // Bars say what each day cost; where they would be too thin to tell apart, an area shows the course.
  const chart = search.chart ?? (bucketsOf(view.period, view.grain).length <= 31 ? "bars" : "area");
  const isOld = totals.isPlaceholderData || trend.isPlaceholderData || groups.isPlaceholderData;
  const chips = view.where.length > 0 && <Filters view={view} catalog={catalog} navigation={navigation} />;
  if (totals.data !== undefined && !totals.isPlaceholderData && totals.data.answer.totals.length === 0) {
    return (
      <div className="space-y-4">
        {chips}
        <NothingHere view={view} available={available} navigation={navigation} />
      </div>
    );
  }
  return (
    <div
      className={joinClasses("space-y-4 transition-opacity duration-[120ms]", isOld && "opacity-60")}
      aria-busy={isOld}
    >
      {chips}
      <div className="min-h-7">
        <CostSentence groups={groups.data} currency={currency} asked={view.comparison} />
      </div>
      <Async of={totals} name="The figures" skeleton={<KpiSkeleton />}>
        {(data) =>
          currency !== null && (
            <KpiRow
              totals={data}
              catalog={catalog}
              currency={currency}
              measure={view.measure}
              onMeasure={(measure) => change({ measure })}
            />
          )
        }
      </Async>
      <Card
        title="Trend"
        about={`${view.measureLabel} by ${view.grain}, ${formatPeriod(view.period)}`}
        actions={
          <>
            <MeasureMenu view={view} catalog={catalog} navigation={navigation} />
            <GroupByMenu view={view} catalog={catalog} navigation={navigation} />
            <Segments label="Grain" value={view.grain} options={grains} onChoose={(grain) => change({ grain })} />
            <Segments label="Shown as" value={chart} options={charts} onChoose={(next) => change({ chart: next })} />
          </>
        }
      >
        <Async of={trend} name="The trend" skeleton={<TrendSkeleton />}>
          {(data) =>
            currency !== null && (
              <CostTrend
                trend={data}
                totals={totals.data}
                currency={currency}
                chart={chart}
                available={available}
                today={today}
                onDrill={drill}
              />
            )
          }
        </Async>
      </Card>
      <Card
        title={`By ${view.byLabel.toLowerCase()}`}
        about={
          groups.data?.answer.nextCursor == null
            ? "Choose a name to see what is behind it."
            : `The ${groupsMax.toLocaleString("en-US")} largest; the totals are of all. Filter to see the others.`
        }
      >
        <Async of={groups} name="The table" skeleton={<TableSkeleton />}>
          {(data) =>
            currency !== null && (
              <CostTable
                groups={data}
                currency={currency}
                colours={colours}
                sorting={{ by: search.sort ?? "value", direction: search.direction ?? "desc" }}
                onSort={({ by, direction }) => change({ sort: by as CostsSearch["sort"], direction })}
                onDrill={drill}
              />
            )
          }
        </Async>
      </Card>
      <Freshness groups={groups.data} available={available} />
    </div>
  );
}

const grains = [
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "Month" },
] as const;

const charts = [
  { value: "area", label: "Area" },
  { value: "bars", label: "Bars" },
  { value: "table", label: "Table" },
] as const;

function Filters({
  view,
  catalog,
  navigation: { lift, change },
}: {
  view: CostView;
  catalog: CostCatalog;
  navigation: CostsNavigation;
}) {
  return (
    <div className="flex flex-wrap items-center gap-2" aria-label="Filters" role="group">
      {view.where.map(([dimension, value], index) => (
        <FilterChip
          key={`${dimension} ${value ?? ""}`}
          name={dimensionLabel(dimension, catalog)}
          value={valueLabel(dimension, value)}
          onRemove={() => lift(index)}
        />
      ))}
      {view.where.length > 1 && (
        <Button kind="quiet" onClick={() => change({ where: undefined })}>
          Clear all
        </Button>
      )}
    </div>
  );
}

function NothingHere({
  view,
  available,
  navigation: { change },
}: {
  view: CostView;
  available: Period;
  navigation: CostsNavigation;
}) {
  const isFiltered = view.where.length > 0;
  return (
    <Notice
      tone="info"
      title={`No charges in ${formatPeriod(view.period)}${isFiltered ? " with these filters" : ""}.`}
      action={
        isFiltered ? (
          <Button onClick={() => change({ where: undefined })}>Clear the filters</Button>
        ) : (
          <Button onClick={() => change({ preset: undefined, from: undefined, to: undefined })}>
            Show the latest month
          </Button>
        )
      }
    >
      There is data for {formatPeriod(available)}.
    </Notice>
  );
}

function coloursOf(trend: Answered | undefined, currency: string | null): Map<string, string> {
  if (trend === undefined) return new Map();
  const rows = trend.answer.rows.filter((row) => row.currency === currency);
  return new Map(
    trendSeries(rows, trend.view, bucketsOf(trend.view.period, trend.view.grain)).map((one) => [one.id, one.colour]),
  );
}
