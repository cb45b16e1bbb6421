import type { CostCatalog } from "@finops/capabilities/costs/contract";
import {
  type CostView,
  type GroupKey,
  isValue,
  type ViewMoment,
  type ViewPlan,
} from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";
import { Popover } from "@finops/ui/primitives/popover";
import { Segments } from "@finops/ui/primitives/segments";
import { Async, type Loadable } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { TableSkeleton } from "@finops/ui/table/table-skeleton";
import { useLatest } from "@finops/ui/table/use-latest";
import { formatPeriod } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";
import { PanelLeft } from "lucide-react";
import { lazy, useCallback, useMemo } from "react";
import { type Answered, useAnswer } from "../../lib/cost-view/cost-answers.ts";
import { partsOf } from "../../lib/cost-view/group-rows.ts";
import { seriesOf } from "../../lib/cost-view/use-drawing.ts";
import { late } from "../../lib/late.tsx";
import { useAfterPaint } from "../../lib/use-after-paint.ts";
import { useSettled } from "../../lib/use-settled.ts";
import { ChartCard, type Shown } from "./chart-card.tsx";
import { type Prefetch, useGroups, useQuantities } from "./explorer-queries.ts";
import { addFilter, drill, withFilter } from "./explorer-state.ts";
import { ExplorerSentence } from "./explorer-sentence.tsx";
import { GroupsTable } from "./groups-table.tsx";
import { RowsTable } from "./rows-table.tsx";
import { useExport } from "./use-export.ts";

// It is long, and comes a moment after what is looked at first.
const loading = import("./field-list.tsx");
const FieldList = late(
  lazy(async () => ({ default: (await loading).FieldList })),
  "h-full",
);

interface ExplorerBodyProps {
  view: CostView;
  plan: ViewPlan;
  moment: ViewMoment;
  catalog: CostCatalog;
  currency: string | null;
  totals: Loadable<Answered> & { isPlaceholderData: boolean };
  prefetch: Prefetch;
  onShow: (next: CostView) => void;
  onFilter: (dimension: string) => void;
}

/** Left what can be asked; beside it the sentence, the chart and the table. */
export function ExplorerBody(props: ExplorerBodyProps) {
  const { view, catalog, prefetch, onShow, onFilter, plan, totals } = props;
  // The list is long and follows a moment later; what it changes is the view of then.
  const listed = useAfterPaint(view);
  const latest = useLatest(props);
  const onChange = useCallback(
    (change: (now: CostView) => CostView) => latest.current.onShow(change(latest.current.view)),
    [latest],
  );
  const fields = (
    <FieldList
      view={listed}
      catalog={catalog}
      prefetch={prefetch}
      onChange={onChange}
      onFilter={onFilter}
      className="h-full"
    />
  );
  const isEmpty = totals.data !== undefined && !totals.isPlaceholderData && totals.data.answer.totals.length === 0;
  return (
    <div className="flex gap-5">
      <aside
        aria-label="Measures and dimensions"
        className="sticky top-32 h-[calc(100dvh-152px)] w-60 shrink-0 rounded-lg border border-line bg-surface-1 max-lg:hidden"
      >
        {fields}
      </aside>
      <div className="min-w-0 flex-1 space-y-4">
        <div className="lg:hidden">
          <Popover
            label="Measures and dimensions"
            className="h-[70dvh] w-72 overflow-hidden p-0"
            trigger={<Button icon={<PanelLeft size={16} aria-hidden />}>Measures and dimensions</Button>}
          >
            {fields}
          </Popover>
        </div>
        {isEmpty ? (
          <NothingHere view={view} plan={plan} available={props.moment.available} onShow={onShow} />
        ) : view.shows === "rows" ? (
          <RowsCard {...props} />
        ) : (
          <GroupsCards {...props} />
        )}
      </div>
    </div>
  );
}

function GroupsCards({ view, plan, moment, catalog, currency, totals, prefetch, onShow }: ExplorerBodyProps) {
  const quantities = useQuantities(plan);
  const groups = useGroups(plan, view.sort, quantities);
  const trend = useAnswer(plan.trend);
  const before = useAnswer(plan.trendBefore);
  const isOld = groups.isPlaceholderData || (plan.trend !== null && trend.isPlaceholderData);
  const now = useMemo(
    () => ({
      view,
      plan,
      currency,
      groups: groups.data,
      // A question that is not asked any more keeps its last answer.
      trend: plan.trend === null ? undefined : trend.data,
      before: plan.trendBefore === null ? undefined : before.data,
    }),
    [view, plan, currency, groups.data, trend.data, before.data],
  );
  const shown = useSettled(now, !isOld);
  const colours = useMemo(() => coloursOf(shown), [shown]);
  const drillTo = (path: readonly GroupKey[]) => drill(view, Object.assign({}, ...path) as GroupKey, catalog);
  const rowsOf = (path: readonly GroupKey[]): CostView => ({
    ...Object.entries(Object.assign({}, ...path) as GroupKey).reduce(
      (next, [name, value]) => addFilter(next, isValue(name, value)),
      view,
    ),
    shows: "rows",
  });
  const onExport = useExport(view, plan);
  return (
    <div
      className={joinClasses("space-y-4 transition-opacity delay-100 duration-[120ms]", isOld && "opacity-60")}
      aria-busy={isOld}
    >
      <div className="min-h-7">
        <ExplorerSentence
          view={view}
          plan={plan}
          catalog={catalog}
          currency={currency}
          totals={totals.data}
          groups={groups.data}
        />
      </div>
      <ChartCard
        view={view}
        plan={plan}
        shown={shown}
        moment={moment}
        catalog={catalog}
        groups={groups}
        trend={trend}
        onShow={onShow}
        onDrill={(path) => onShow(drillTo(path))}
      />
      <section className="min-w-0 rounded-lg border border-line bg-surface-1" aria-label="Table">
        <Async of={groups} name="The table" skeleton={<TableSkeleton columns={tableShape} />}>
          {() =>
            shown.currency !== null &&
            shown.groups !== undefined && (
              <GroupsTable
                view={shown.view}
                plan={shown.plan}
                catalog={catalog}
                currency={shown.currency}
                answer={shown.groups.answer}
                rows={shown.groups.rows}
                hasMore={groups.hasNextPage}
                onEnd={() => void groups.fetchNextPage()}
                colours={colours}
                prefetch={prefetch}
                drillTo={drillTo}
                rowsOf={rowsOf}
                onShow={onShow}
                onExport={onExport}
                tools={<ShowsSwitch view={view} onShow={onShow} />}
              />
            )
          }
        </Async>
      </section>
    </div>
  );
}

/** The usual columns of the table, for its skeleton. */
const tableShape = [
  { id: "name" },
  { id: "value", kind: "money" },
  { id: "share", kind: "percent" },
  { id: "before", kind: "money" },
  { id: "change", kind: "money" },
] as const;

function RowsCard({ view, plan, catalog, currency, totals, onShow }: ExplorerBodyProps) {
  const onExport = useExport(view, plan);
  return (
    <>
      <div className="min-h-7">
        <ExplorerSentence
          view={view}
          plan={plan}
          catalog={catalog}
          currency={currency}
          totals={totals.data}
          groups={undefined}
        />
      </div>
      <section className="min-w-0 rounded-lg border border-line bg-surface-1" aria-label="Charge rows">
        <RowsTable
          view={view}
          plan={plan}
          catalog={catalog}
          onShow={onShow}
          onExport={onExport}
          tools={<ShowsSwitch view={view} onShow={onShow} />}
        />
      </section>
    </>
  );
}

function ShowsSwitch({ view, onShow }: Pick<ExplorerBodyProps, "view" | "onShow">) {
  return (
    <Segments
      label="The table shows"
      value={view.shows}
      options={[
        { value: "groups", label: "Groups" },
        { value: "rows", label: "Charge rows" },
      ]}
      onChoose={(shows) => onShow({ ...view, shows })}
    />
  );
}

/** Of the groups that the chart shows on their own, whichever chart it is. */
function coloursOf({ view, plan, currency, groups, trend }: Shown): Map<string, string> {
  if (plan.trend !== null) return new Map(seriesOf(trend, currency).map((one) => [one.id, one.colour]));
  const ofCurrency = (groups?.rows ?? []).filter((row) => row.currency === currency);
  const parts = partsOf(ofCurrency, view.groupBy[0], view.measures[0]!, view.top, true);
  return new Map(parts.flatMap((part) => (part.colour === undefined ? [] : [[part.id, part.colour] as const])));
}

interface NothingHereProps {
  view: CostView;
  plan: ViewPlan;
  available: ViewMoment["available"];
  onShow: (next: CostView) => void;
}

function NothingHere({ view, plan, available, onShow }: NothingHereProps) {
  const isFiltered = view.filter !== undefined;
  return (
    <Notice
      tone="info"
      title={`No charges in ${formatPeriod(plan.period)}${isFiltered ? " with these filters" : ""}.`}
      action={
        isFiltered ? (
          <Button onClick={() => onShow(withFilter(view, undefined))}>Clear the filters</Button>
        ) : (
          <Button onClick={() => onShow({ ...view, period: { preset: "month-to-date" } })}>
            Show the latest month
          </Button>
        )
      }
    >
      There is data for {formatPeriod(available)}.
    </Notice>
  );
}

export function ExplorerSkeleton() {
  return (
    <div className="flex gap-5">
      <Skeleton className="h-[70dvh] w-60 shrink-0 max-lg:hidden" />
      <div className="min-w-0 flex-1 space-y-4">
        <Skeleton className="h-7 w-2/3" />
        <Skeleton className="h-[380px] w-full" />
        <Skeleton className="h-[480px] w-full" />
      </div>
    </div>
  );
}
