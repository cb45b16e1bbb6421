import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { bucketsOf } from "@finops/kernel/buckets";
import type { Day, Period } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Async, type Loadable } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo } from "react";
import { useSettled } from "../../lib/use-settled.ts";
import { BreakdownCard } from "./breakdown-card.tsx";
import { HealthStrip } from "./health-strip.tsx";
import { HeatCard, ResourcesCard } from "./lazy-blocks.tsx";
import { KpiRow } from "./kpi-row.tsx";
import { KpiSkeleton } from "./kpi-card.tsx";
import { MoversCard } from "./movers-card.tsx";
import type { OverviewSearch } from "./overview-search.ts";
import { OverviewSentence } from "./overview-sentence.tsx";
import { GroupByMenu } from "./overview-tools.tsx";
import type { OverviewView } from "./overview-view.ts";
import { TrendCard } from "./trend-card.tsx";
import { trendSeries } from "./trend-series.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import { type Answered, useExpected, useGroups, useMovers, useTrend } from "./use-overview.ts";

interface OverviewContentProps {
  view: OverviewView;
  search: OverviewSearch;
  catalog: CostCatalog;
  available: Period;
  today: Day;
  totals: Loadable<Answered> & { isPlaceholderData: boolean };
  currency: string | null;
  navigation: OverviewNavigation;
}

/** From the sentence down to what the figures rest on; every part opens what is behind it. */
export function OverviewContent({
  view,
  search,
  catalog,
  available,
  today,
  totals,
  currency,
  navigation,
}: OverviewContentProps) {
  // In the order in which they are looked at, which is the one that they are asked in.
  const movers = useMovers(view);
  const trend = useTrend(view);
  const groups = useGroups(view);
  const expected = useExpected(view, currency);
  const colours = useMemo(() => coloursOf(trend.data, currency), [trend.data, currency]);
  // A cause of other figures is never told beside these: both change together.
  const cause = view.comparison === null ? undefined : movers.data;
  const answers = useMemo(() => ({ totals: totals.data, movers: cause }), [totals.data, cause]);
  const told = useSettled(answers, !totals.isPlaceholderData && (cause === undefined || !movers.isPlaceholderData));
  const isOld = totals.isPlaceholderData || trend.isPlaceholderData || groups.isPlaceholderData;
  if (totals.data !== undefined && !totals.isPlaceholderData && totals.data.answer.totals.length === 0)
    return <NothingHere view={view} available={available} navigation={navigation} />;
  return (
    <div className="space-y-4" aria-busy={isOld}>
      {/* The figures before stay readable until the next are there; a line says that they are on their way. */}
      {isOld && <div aria-hidden className="appear-late fixed inset-x-0 top-0 z-40 h-0.5 animate-pulse bg-accent" />}
      <div className="min-h-7">
        <OverviewSentence
          totals={told.totals}
          movers={told.movers}
          currency={currency}
          asked={view.comparison}
          drill={navigation.drill}
        />
      </div>
      <Async of={totals} name="The figures" skeleton={<KpiSkeleton />}>
        {(data) =>
          currency !== null && (
            <KpiRow totals={data} catalog={catalog} currency={currency} available={available} navigation={navigation} />
          )
        }
      </Async>
      {currency !== null && (
        <>
          <TrendCard
            trend={trend}
            totals={totals.data}
            expected={expected.data}
            view={view}
            currency={currency}
            search={search}
            available={available}
            today={today}
            navigation={navigation}
            byMenu={<GroupByMenu view={view} catalog={catalog} navigation={navigation} />}
          />
          <div className="grid gap-4 xl:grid-cols-2">
            <BreakdownCard
              groups={groups}
              view={view}
              currency={currency}
              colours={colours}
              search={search}
              navigation={navigation}
            />
            <MoversCard movers={movers} view={view} currency={currency} navigation={navigation} />
          </div>
          <HeatCard view={view} currency={currency} navigation={navigation} />
          <ResourcesCard view={view} catalog={catalog} currency={currency} navigation={navigation} />
          <HealthStrip totals={totals.data} expected={expected.data} view={view} today={today} />
        </>
      )}
    </div>
  );
}

function NothingHere({
  view,
  available,
  navigation: { change },
}: {
  view: OverviewView;
  available: Period;
  navigation: OverviewNavigation;
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
  const { view } = trend;
  return new Map(
    trendSeries(rows, view, bucketsOf(view.period, view.grain))
      .filter(({ isOther }) => !isOther)
      .map((one) => [one.id, one.colour]),
  );
}
