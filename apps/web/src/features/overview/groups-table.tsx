import type { CostRow } from "@finops/capabilities/costs/contract";
import { decimal } from "@finops/kernel/decimal";
import { otherColour } from "@finops/ui/charts/series";
import { Delta } from "@finops/ui/figures/delta";
import { Money } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo } from "react";
import { goodDirection } from "../../lib/cost-words.ts";
import { groupId, groupLabel } from "./figures.ts";
import type { OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import type { Answered } from "./use-overview.ts";

interface GroupsTableProps {
  groups: Answered;
  currency: string;
  colours: ReadonlyMap<string, string>;
  onDrill: OverviewNavigation["drill"];
}

/** Every group with its exact figure beside the one that it is held against. */
export function GroupsTable({ groups, currency, colours, onDrill }: GroupsTableProps) {
  const { answer, view } = groups;
  const rows = useMemo(() => answer.rows.filter((row) => row.currency === currency), [answer, currency]);
  const columns = useMemo(
    () => columnsOf(groups, currency, colours, rows.length),
    [groups, currency, colours, rows.length],
  );
  return (
    <DataTable
      label={`${view.measureLabel} by ${view.byLabel}`}
      rows={rows}
      columns={columns}
      rowId={(row) => JSON.stringify(row.key)}
      onActivate={(row) => onDrill([view.by, row.key[view.by] ?? null])}
      height={420}
    />
  );
}

function columnsOf(
  { answer, view }: Answered,
  currency: string,
  colours: ReadonlyMap<string, string>,
  count: number,
): DataColumn<CostRow>[] {
  const { measure } = view;
  const total = answer.totals.find((one) => one.currency === currency);
  const nowOf = (row: CostRow) => row.values[measure]?.value ?? null;
  const beforeOf = (row: CostRow) => row.comparison?.[measure]?.value ?? null;
  const totalNow = total?.values[measure]?.value ?? null;
  const always: DataColumn<CostRow>[] = [
    {
      id: "name",
      header: view.byLabel,
      value: (row) => groupLabel(row, view.by),
      cell: (row) => <GroupName row={row} view={view} colour={colours.get(groupId(row, view.by)) ?? otherColour} />,
      total: `Total of ${count.toLocaleString("en-US")}`,
    },
    {
      id: "value",
      header: view.measureLabel,
      kind: "money",
      currency,
      value: nowOf,
      total: <Money amount={totalNow} currency={currency} />,
    },
    {
      id: "share",
      header: "Share",
      kind: "percent",
      isMinor: true,
      value: (row) => row.share?.[measure]?.value ?? null,
      total: totalNow === null ? undefined : <Percent ratio="1" />,
    },
  ];
  return view.comparison === null ? always : [...always, ...comparedColumns(view, currency, nowOf, beforeOf, total)];
}

function comparedColumns(
  view: OverviewView,
  currency: string,
  nowOf: (row: CostRow) => string | null,
  beforeOf: (row: CostRow) => string | null,
  total: Answered["answer"]["totals"][number] | undefined,
): DataColumn<CostRow>[] {
  const good = goodDirection(view.measure);
  const totalNow = total?.values[view.measure]?.value ?? null;
  const totalBefore = total?.comparison?.[view.measure]?.value ?? null;
  return [
    {
      id: "before",
      header: formatPeriod(view.comparison!),
      about: "What this is compared with.",
      kind: "money",
      currency,
      isMinor: true,
      value: beforeOf,
      total: <Money amount={totalBefore} currency={currency} />,
    },
    {
      id: "change",
      header: "Change",
      kind: "money",
      value: (row) =>
        decimal(nowOf(row) ?? "0")
          .minus(decimal(beforeOf(row) ?? "0"))
          .toString(),
      cell: (row) => <Delta now={nowOf(row)} before={beforeOf(row)} currency={currency} good={good} />,
      total: <Delta now={totalNow} before={totalBefore} currency={currency} good={good} />,
      hasCompact: false,
      width: 210,
    },
  ];
}

function GroupName({ row, view, colour }: { row: CostRow; view: OverviewView; colour: string }) {
  const value = row.key[view.by] ?? null;
  const label = groupLabel(row, view.by);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span aria-hidden className="size-2.5 shrink-0 rounded-[2px]" style={{ background: colour }} />
      <span className="truncate" dir="auto" title={label}>
        {value === null || value === "" ? <i className="text-text-2">{label}</i> : label}
      </span>
      {value !== null && label !== value && <span className="truncate text-xs text-text-3 max-md:hidden">{value}</span>}
    </span>
  );
}
