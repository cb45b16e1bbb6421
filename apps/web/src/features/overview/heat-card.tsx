import { bucketsOf } from "@finops/kernel/buckets";
import { decimal, parseDecimal } from "@finops/kernel/decimal";
import type { Day } from "@finops/kernel/period";
import { ChartFrame } from "@finops/ui/charts/chart-frame";
import { Heatmap } from "@finops/ui/charts/heatmap";
import { matrixGrid } from "@finops/ui/charts/heatmap-layout";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatDay, formatPeriod } from "@finops/ui/text/format-day";
import { useMemo } from "react";
import { groupLabel } from "./figures.ts";
import { heatPeriod, type OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import { type Answered, useHeat } from "./use-overview.ts";

interface HeatCardProps {
  view: OverviewView;
  currency: string;
  navigation: OverviewNavigation;
}

/** Where it burns: each of the largest services on each day. */
export function HeatCard({ view, currency, navigation: { drillOn, tableOf } }: HeatCardProps) {
  const heat = useHeat(view);
  const lines = useMemo(() => (heat.data === undefined ? [] : linesOf(heat.data, currency)), [heat.data, currency]);
  const days = useMemo(() => bucketsOf(heatPeriod(view), "day"), [view]);
  const open = (id: string) => {
    const [service, day] = JSON.parse(id) as [string | null, Day];
    drillOn(day, ["serviceName", service]);
  };
  return (
    <ChartFrame
      title="Days and services"
      about={`${view.measureLabel} of the largest services by day, ${formatPeriod(heatPeriod(view))}`}
      {...tableOf("heat")}
      table={<HeatTable lines={lines} days={days} currency={currency} />}
    >
      {() => (
        <Async of={heat} name="The days" skeleton={<Skeleton className="h-[264px] w-full" />}>
          {() => (
            <Heatmap
              description={`${view.measureLabel} of the largest services by day.`}
              currency={currency}
              nameWidth={176}
              grid={gridOf(lines, days)}
              onActivate={(cell) => open(cell.id)}
            />
          )}
        </Async>
      )}
    </ChartFrame>
  );
}

interface HeatLine {
  service: string | null;
  label: string;
  byDay: ReadonlyMap<Day, string>;
}

/** The largest service on top. */
function linesOf({ answer, view }: Answered, currency: string): HeatLine[] {
  const lines = new Map<string | null, { label: string; byDay: Map<Day, string> }>();
  for (const row of answer.rows) {
    const value = row.values[view.measure]?.value ?? null;
    if (row.currency !== currency || row.time === null || value === null || row.isOther) continue;
    const service = row.key["serviceName"] ?? null;
    const line = lines.get(service) ?? { label: groupLabel(row, "serviceName"), byDay: new Map<Day, string>() };
    line.byDay.set(row.time.slice(0, 10), value);
    lines.set(service, line);
  }
  return [...lines]
    .map(([service, line]) => ({ service, ...line }))
    .toSorted((a, b) => wholeOf(b).comparedTo(wholeOf(a)));
}

function wholeOf({ byDay }: HeatLine) {
  return [...byDay.values()].reduce((sum, value) => sum.plus(parseDecimal(value)), decimal(0));
}

function gridOf(lines: readonly HeatLine[], days: readonly Day[]) {
  const grid = matrixGrid(
    lines.map(({ label, byDay }, index) => ({
      id: String(index),
      label,
      values: days.map((day) => byDay.get(day) ?? null),
    })),
    days.map((day, index) => ({
      id: day,
      label:
        index === 0 || day.endsWith("-01") || (index % 7 === 0 && index < days.length - 3) ? formatDay(day, "day") : "",
      full: formatDay(day, "weekday"),
    })),
  );
  // A square opens its service on its day.
  return {
    ...grid,
    cells: grid.cells.map((cell) => ({ ...cell, id: JSON.stringify([lines[cell.row]!.service, days[cell.column]!]) })),
  };
}

function HeatTable({ lines, days, currency }: { lines: readonly HeatLine[]; days: readonly Day[]; currency: string }) {
  const columns = useMemo(
    (): DataColumn<HeatLine>[] => [
      { id: "service", header: "Service", value: ({ label }) => label, width: 240 },
      ...days.map((day): DataColumn<HeatLine> => ({
        id: day,
        header: formatDay(day, "day"),
        kind: "money",
        currency,
        value: ({ byDay }) => byDay.get(day) ?? null,
      })),
    ],
    [days, currency],
  );
  return (
    <DataTable
      label="Days and services"
      rows={lines}
      columns={columns}
      rowId={({ service }) => service ?? ""}
      height={420}
    />
  );
}
