import type { CostRow } from "@finops/capabilities/costs/contract";
import { type Decimal, decimal, parseDecimal } from "@finops/kernel/decimal";
import { otherColour } from "@finops/ui/charts/series";
import { Delta } from "@finops/ui/figures/delta";
import { Money } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn, Sorting } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { useLatest } from "@finops/ui/table/use-latest";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo } from "react";
import { type CostView, goodDirection } from "./cost-view.ts";
import { groupId, groupLabel } from "./trend-series.ts";
import type { Answered } from "./use-costs.ts";

interface CostTableProps {
  groups: Answered;
  currency: string;
  /** Colour of each group that the chart shows on its own. */
  colours: ReadonlyMap<string, string>;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  onDrill: (dimension: string, value: string | null) => void;
}

/** Every group with its exact figure beside the one that it is held against. */
export function CostTable({ groups: { answer, view }, currency, colours, sorting, onSort, onDrill }: CostTableProps) {
  const rows = useMemo(() => answer.rows.filter((row) => row.currency === currency), [answer, currency]);
  const drill = useLatest(onDrill);
  const columns = useMemo(() => {
    const total = answer.totals.find((one) => one.currency === currency);
    return columnsOf(view, currency, colours, total, (by, value) => drill.current(by, value), rows.length);
  }, [answer, view, currency, colours, rows.length, drill]);
  return (
    <DataTable
      label={`${view.measureLabel} by ${view.byLabel}`}
      rows={rows}
      columns={columns}
      rowId={rowId}
      state={{ sort: sorting }}
      onState={(_, { sort }) => sort != null && onSort(sort)}
    />
  );
}

const rowId = (row: CostRow) => JSON.stringify(row.key);

function columnsOf(
  view: CostView,
  currency: string,
  colours: ReadonlyMap<string, string>,
  total: Answered["answer"]["totals"][number] | undefined,
  onDrill: CostTableProps["onDrill"],
  count: number,
): DataColumn<CostRow>[] {
  const { measure } = view;
  const nowOf = (row: CostRow) => row.values[measure]?.value ?? null;
  const beforeOf = (row: CostRow) => row.comparison?.[measure]?.value ?? null;
  const totalNow = total?.values[measure]?.value ?? null;
  const totalBefore = total?.comparison?.[measure]?.value ?? null;
  const good = goodDirection(measure);
  const always: DataColumn<CostRow>[] = [
    {
      id: "name",
      header: view.byLabel,
      value: (row) => groupLabel(row, view),
      cell: (row) => (
        <GroupName row={row} view={view} colour={colours.get(groupId(row, view)) ?? otherColour} onDrill={onDrill} />
      ),
      total: `Total of ${count.toLocaleString("en-US")}`,
    },
    {
      id: "value",
      header: view.measureLabel,
      kind: "money",
      hasCompact: true,
      value: nowOf,
      cell: (row, form) => (
        <Money
          amount={nowOf(row)}
          currency={currency}
          missing={row.values[measure]?.missing}
          short={form === "compact"}
        />
      ),
      total: (form) => <Money amount={totalNow} currency={currency} short={form === "compact"} />,
    },
    {
      id: "share",
      header: "Share",
      kind: "percent",
      isMinor: true,
      value: (row) => row.share?.[measure]?.value ?? null,
      cell: (row) => <Percent ratio={row.share?.[measure]?.value ?? null} missing={row.share?.[measure]?.missing} />,
      total: totalNow === null ? undefined : <Percent ratio="1" />,
    },
  ];
  if (view.comparison === null) return always;
  const change = (row: CostRow): Decimal => decimal(nowOf(row) ?? "0").minus(decimal(beforeOf(row) ?? "0"));
  return [
    ...always,
    {
      id: "before",
      header: formatPeriod(view.comparison),
      about: "What this is compared with.",
      kind: "money",
      isMinor: true,
      value: beforeOf,
      cell: (row) => <Money amount={beforeOf(row)} currency={currency} missing={row.comparison?.[measure]?.missing} />,
      total: <Money amount={totalBefore} currency={currency} />,
    },
    {
      id: "change",
      header: "Change",
      kind: "money",
      value: (row) => change(row).toString(),
      cell: (row) => <Delta now={nowOf(row)} before={beforeOf(row)} currency={currency} good={good} part="amount" />,
      total: <Delta now={totalNow} before={totalBefore} currency={currency} good={good} part="amount" />,
    },
    {
      id: "percent",
      header: "Change %",
      kind: "percent",
      isMinor: true,
      width: 116,
      value: (row) => ratioOf(change(row), beforeOf(row)),
      cell: (row) => <Delta now={nowOf(row)} before={beforeOf(row)} currency={currency} good={good} part="percent" />,
      total: <Delta now={totalNow} before={totalBefore} currency={currency} good={good} part="percent" />,
    },
  ];
}

function GroupName({
  row,
  view,
  colour,
  onDrill,
}: {
  row: CostRow;
  view: CostView;
  colour: string;
  onDrill: CostTableProps["onDrill"];
}) {
  const value = row.key[view.by] ?? null;
  const label = groupLabel(row, view);
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="size-2.5 shrink-0 rounded-[2px]" style={{ background: colour }} />
      <button
        type="button"
        onClick={() => onDrill(view.by, value)}
        title={`Show only ${label}`}
        className="truncate rounded-sm text-left hover:text-accent hover:underline"
        dir="auto"
      >
        {value === null || value === "" ? <i className="text-text-2">{label}</i> : label}
      </button>
      {value !== null && label !== value && <span className="truncate text-xs text-text-3 max-md:hidden">{value}</span>}
    </span>
  );
}

function ratioOf(change: Decimal, before: string | null): string | null {
  return before === null || parseDecimal(before).isZero()
    ? null
    : change.dividedBy(parseDecimal(before).abs()).toDecimalPlaces(12).toString();
}

export function TableSkeleton() {
  return (
    <div className="space-y-3 p-4">
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton key={index} className="h-5 w-full" />
      ))}
    </div>
  );
}
