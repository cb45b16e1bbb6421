import type { CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import { allOf, type CostView, isValue, keysOf, pathFilter } from "@finops/capabilities/views/contract";
import { bucketEnd } from "@finops/kernel/buckets";
import { Async } from "@finops/ui/states/async";
import { ChartSkeleton } from "@finops/ui/states/chart-skeleton";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useWidth } from "@finops/ui/charts/use-width";
import { DataTable } from "../late-table.tsx";
import { useLatest } from "@finops/ui/table/use-latest";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useNavigate } from "@tanstack/react-router";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { dimensionLabel } from "../cost-words.ts";
import { useFigureDoor } from "../figure-door.ts";
import { writeView } from "../view-search.ts";
import { ChartTable } from "./chart-table.tsx";
import type { Answered } from "./cost-answers.ts";
import { measureOf } from "./measure-of.ts";
import { PlainTable } from "./plain-table.tsx";
import { useDrawing } from "./use-drawing.ts";
import type { ViewAnswers } from "./use-view-answers.ts";
import { ViewChart } from "./view-chart.tsx";
import { viewColumns, viewRowId } from "./view-columns.tsx";
import { ViewFigures } from "./view-figures.tsx";

interface ViewContentProps {
  title: string;
  answers: ViewAnswers;
  catalog: CostCatalog;
  measures: CostView["measures"];
  /** In pixels, of all of it. */
  height: number;
  /** A chart's own figures as a table. */
  isAsTable?: boolean;
}

/** A view's figure, chart or table, in whatever place has room for it. */
export function ViewContent(props: ViewContentProps) {
  const { title, answers, catalog, measures, height } = props;
  const { view, shows, plan, totals } = answers;
  return (
    <Async of={totals} name={title} skeleton={<ContentSkeleton shows={shows} height={height} />}>
      {({ answer }) => {
        if (answer.totals.every((total) => total.values["rowCount"]?.value === "0"))
          return <p className="px-4 pb-3 text-sm text-text-2">No charge lies within this filter and period.</p>;
        if (shows === "figure")
          return (
            <div className="px-4 pb-3">
              <ViewFigures {...{ view, plan, catalog, answer, measures }} />
            </div>
          );
        return shows === "chart" ? <LiveChart {...props} /> : <LiveTable {...props} />;
      }}
    </Async>
  );
}

/** What a place says of the view in it: its days and its currency. */
export function aboutAnswers({ plan, currency, view, shows }: ViewAnswers, catalog: CostCatalog): string {
  const measure = measureOf(catalog, view.measures[0]!);
  const money = measure.unit === "money" && currency !== null && shows !== "figure" ? `, ${currency}` : "";
  const basis = view.basis === "billing" ? ", by billing period" : "";
  return `${formatPeriod(plan.period)}${money}${basis}${view.asOf === undefined ? "" : `, as of ${view.asOf}`}`;
}

function LiveChart({ title, answers, catalog, height, isAsTable = false }: ViewContentProps) {
  const { view, plan, moment, currency, trend, before, groups } = answers;
  const navigate = useNavigate();
  const isOverTime = plan.trend !== null;
  const drawing = useDrawing({
    view,
    catalog,
    currency,
    groups: (isOverTime ? trend : groups).data?.answer.rows ?? noRows,
    trend: isOverTime ? trend.data : undefined,
    before: before.data,
  });
  const [by] = view.groupBy;
  const [box, chartHeight] = useChartHeight(height, isOverTime && drawing.chart !== "heatmap");
  const open = (next: CostView) => void navigate({ to: "/explorer", search: writeView(next) as never });
  return (
    <Async of={isOverTime ? trend : groups} name={title} skeleton={<ContentSkeleton shows="chart" height={height} />}>
      {() =>
        isAsTable ? (
          <ChartTable
            label={title}
            grain={plan.grain}
            unit={drawing.unit.currency}
            by={by === undefined ? "All" : dimensionLabel(by, catalog)}
            {...(isOverTime ? { series: drawing.series, buckets: drawing.buckets } : { parts: drawing.parts })}
          />
        ) : (
          <div ref={box} className="px-4 pb-3">
            <ViewChart
              view={view}
              plan={plan}
              moment={moment}
              drawing={drawing}
              description={`${title}: ${drawing.title}, ${formatPeriod(plan.period)}${isOverTime ? `, by ${plan.grain}` : ""}.`}
              height={chartHeight}
              onDrill={(path) => open(narrowed(view, allOf([view.filter, pathFilter(path)])))}
              onBucket={(bucket) => open({ ...view, period: daysOf(bucket, answers) })}
            />
          </div>
        )
      }
    </Async>
  );
}

const noRows: readonly CostRow[] = [];
const legendGuess = 60;

/** What the legend leaves of a height for the chart: how many lines it takes shows only once it is there. */
function useChartHeight(height: number, hasLegend: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const [legend, setLegend] = useState(legendGuess);
  const chartHeight = Math.max(120, Math.round(height / 2), height - 16 - (hasLegend ? legend : 0));
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || !hasLegend || typeof ResizeObserver === "undefined") return;
    const measure = () => {
      const list = element.querySelector<HTMLElement>("[aria-label=Legend]");
      if (list !== null) setLegend(list.offsetHeight + 12);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  });
  return [box, chartHeight] as const;
}

function narrowed(view: CostView, filter: CostView["filter"]): CostView {
  const { filter: _, ...rest } = view;
  return filter === undefined ? rest : { ...rest, filter };
}

function daysOf(bucket: string, { plan }: ViewAnswers): CostView["period"] {
  const [day, end] = [bucket.slice(0, 10), bucketEnd(bucket, plan.grain)];
  return {
    start: day > plan.period.start ? day : plan.period.start,
    end: end < plan.period.end ? end : plan.period.end,
  };
}

function LiveTable({ title, answers, catalog, height }: ViewContentProps) {
  const { table, currency } = answers;
  return (
    <Async of={table} name={title} skeleton={<ContentSkeleton shows="table" height={height} />}>
      {(answered) => currency !== null && <GroupsOf {...{ title, answers, catalog, height, answered, currency }} />}
    </Async>
  );
}

type GroupsOfProps = Pick<ViewContentProps, "title" | "answers" | "catalog" | "height"> & {
  answered: Answered;
  currency: string;
};

function GroupsOf({ title, answers: { view, plan }, catalog, height, answered, currency }: GroupsOfProps) {
  const open = useLatest(useFigureDoor());
  const { answer, asked } = answered;
  const columns = useMemo(
    () =>
      viewColumns({
        view,
        plan,
        catalog,
        currency,
        answer,
        door: (row, measure, figure) => (
          <button
            type="button"
            tabIndex={-1}
            className="-mx-1 rounded-sm px-1 hover:bg-accent-soft hover:text-accent"
            onClick={() => {
              const keys = view.groupBy.flatMap(keysOf).map((name) => isValue(name, row.key[name] ?? null));
              const filter = allOf([view.filter, ...keys]);
              open.current({
                measure,
                period: asked.period,
                basis: view.basis,
                currency,
                ...(filter === undefined ? {} : { filter }),
                ...(view.asOf === undefined ? {} : { asOf: view.asOf }),
              });
            }}
          >
            {figure}
          </button>
        ),
      }),
    [view, plan, catalog, currency, answer, asked, open],
  );
  const rows = useMemo(() => answer.rows.filter((row) => row.currency === currency), [answer, currency]);
  const [box, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={box}>
      {width > 0 && width < tableWidthMin ? (
        <PlainTable
          label={title}
          rows={rows}
          columns={columns.filter((column) => column.isMinor !== true || column.kind === "percent").slice(0, 3)}
          rowId={(row) => viewRowId(view, row)}
          className="px-4"
        />
      ) : (
        <DataTable
          label={title}
          rows={rows}
          columns={columns}
          rowId={(row) => viewRowId(view, row)}
          height={height}
          isPlain
        />
      )}
    </div>
  );
}

/** Below it, a table would become cards, which a tile has no room for. */
const tableWidthMin = 560;

interface ContentSkeletonProps {
  shows: ViewAnswers["shows"];
  height: number;
}

function ContentSkeleton({ shows, height }: ContentSkeletonProps) {
  if (shows === "figure")
    return (
      <div className="px-4 pb-3">
        <Skeleton className="h-8 w-40" />
        <Skeleton className="mt-2 h-3 w-28" />
      </div>
    );
  if (shows === "chart") return <ChartSkeleton height={Math.max(80, height - 32)} />;
  return (
    <div className="space-y-3 px-4 pb-3">
      {Array.from({ length: Math.max(2, Math.min(12, Math.floor(height / 32))) }, (_, index) => (
        <Skeleton key={index} className="h-5 w-full" />
      ))}
    </div>
  );
}
