import type { BudgetPerformance } from "@finops/capabilities/budgets/contract";
import { parseDecimal } from "@finops/kernel/decimal";
import { Money } from "@finops/ui/figures/money";
import { Percent } from "@finops/ui/figures/percent";
import { Badge } from "@finops/ui/primitives/badge";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatDay, formatPeriod } from "@finops/ui/text/format-day";
import { useNavigate } from "@tanstack/react-router";
import { BudgetLink } from "./budget-link.tsx";
import { stateWords } from "./budget-words.ts";

type Ranked = BudgetPerformance["ranking"][number];
type Finished = BudgetPerformance["history"][number];

/** Each budget with how its periods ended, the one that needs somebody first. */
export function RankingTable({ rows }: { rows: readonly Ranked[] }) {
  const navigate = useNavigate();
  return (
    <section aria-label="By budget" className="min-w-0 rounded-lg border border-line bg-surface-1">
      <DataTable
        label="Budgets by performance"
        rows={rows}
        columns={rankingColumns}
        rowId={({ budget }) => budget.id}
        onActivate={({ budget }) => void navigate({ to: "/budgets/$id", params: { id: budget.id } })}
      />
    </section>
  );
}

/** Each period that is over, the newest first. */
export function HistoryTable({ rows }: { rows: readonly Finished[] }) {
  const navigate = useNavigate();
  return (
    <section aria-label="Finished periods" className="min-w-0 rounded-lg border border-line bg-surface-1">
      <DataTable
        label="Finished periods"
        rows={rows}
        columns={historyColumns}
        rowId={({ budget, period }) => `${budget.id} ${period.start}`}
        onActivate={({ budget }) => void navigate({ to: "/budgets/$id", params: { id: budget.id } })}
      />
    </section>
  );
}

const ratioOf = (percent: string | null) => (percent === null ? null : parseDecimal(percent).dividedBy(100).toString());

/** "3 over in a row", "2 within in a row". */
function streakWords({ streak: { current } }: Ranked): string | null {
  if (current === null) return null;
  return current.length === 1 ? `Last one ${current.kind}` : `${current.length} ${current.kind} in a row`;
}

const rankingColumns: DataColumn<Ranked>[] = [
  {
    id: "budget",
    header: "Budget",
    value: ({ budget }) => budget.name,
    cell: ({ budget }) => <BudgetLink {...budget} />,
  },
  {
    id: "state",
    header: "Now",
    width: 104,
    value: ({ state }) => (state === null ? null : stateWords[state].label),
    cell: ({ state }) =>
      state === null ? null : (
        <Badge tone={stateWords[state].tone} title={stateWords[state].about}>
          {stateWords[state].label}
        </Badge>
      ),
  },
  {
    id: "streak",
    header: "Streak",
    about: "How the last finished periods with data ended",
    width: 148,
    value: streakWords,
    cell: (row) => {
      const words = streakWords(row);
      const { current } = row.streak;
      if (words === null || current === null) return null;
      return (
        <Badge tone={current.kind === "over" ? "bad" : "good"} title={`Since ${formatDay(current.since)}`}>
          {words}
        </Badge>
      );
    },
  },
  {
    id: "over",
    header: "Ended over",
    about: "Of the periods with data, how many ended over their limit",
    width: 120,
    kind: "percent",
    value: ({ over, periods }) => (periods === 0 ? null : (over / periods).toFixed(4)),
    cell: ({ over, periods }) => (
      <span className="tabular-nums">{periods === 0 ? "No data" : `${over} of ${periods}`}</span>
    ),
  },
  missColumn(
    "miss",
    "Off the limit",
    "How far periods ended from their limits, either way",
    ({ missPercent }) => missPercent,
  ),
  missColumn(
    "planned",
    "Off the plan",
    "How far periods ended from what was planned for them first",
    ({ plannedMissPercent }) => plannedMissPercent,
  ),
  missColumn(
    "forecast",
    "Off the forecast",
    "How far periods ended from what was expected when they were last looked at while they ran",
    ({ forecastMissPercent }) => forecastMissPercent,
  ),
  {
    id: "longest",
    header: "Longest over",
    about: "The most periods in a row that ended over",
    kind: "count",
    isHidden: true,
    value: ({ streak }) => String(streak.longestOver),
  },
  {
    id: "noData",
    header: "Without data or limit",
    kind: "count",
    isHidden: true,
    value: ({ noData }) => String(noData),
  },
  textColumn("team", "Top budget", ({ team }) => team.name),
  textColumn("owner", "Owner", ({ owner }) => owner.name),
];

const historyColumns: DataColumn<Finished>[] = [
  {
    id: "budget",
    header: "Budget",
    value: ({ budget }) => budget.name,
    cell: ({ budget }) => <BudgetLink {...budget} />,
  },
  {
    id: "period",
    header: "Period",
    kind: "day",
    width: 148,
    value: ({ period }) => period.start,
    cell: ({ period }) => formatPeriod(period),
  },
  {
    id: "end",
    header: "Ended",
    width: 96,
    value: ({ limit, variance }) =>
      variance === null ? untoldWords(limit) : isOver(variance.amount) ? "Over" : "Within",
    cell: ({ limit, variance }) =>
      variance === null ? (
        <Badge>{untoldWords(limit)}</Badge>
      ) : isOver(variance.amount) ? (
        <Badge tone="bad">Over</Badge>
      ) : (
        <Badge tone="good">Within</Badge>
      ),
  },
  amountColumn("actual", "Spent", ({ actual }) => actual),
  amountColumn("limit", "Limit", ({ limit }) => limit),
  amountColumn("planned", "First planned", ({ planned }) => planned),
  amountColumn("forecast", "Last expected", ({ forecast }) => forecast?.expected ?? null),
  {
    id: "variance",
    header: "Off the limit",
    kind: "percent",
    width: 120,
    value: ({ variance }) => ratioOf(variance?.percent ?? null),
  },
  textColumn("team", "Top budget", ({ team }) => team.name),
  textColumn("owner", "Owner", ({ owner }) => owner.name),
];

function untoldWords(limit: string | null): string {
  return limit === null ? "No limit" : "No data";
}

function isOver(amount: string): boolean {
  return parseDecimal(amount).greaterThan(0);
}

function missColumn(id: string, header: string, about: string, of: (row: Ranked) => string | null): DataColumn<Ranked> {
  return {
    id,
    header,
    about,
    width: 148,
    kind: "percent",
    isMinor: id !== "miss",
    value: (row) => ratioOf(of(row)),
    cell: (row) => <Percent ratio={ratioOf(of(row))} missing="Nothing to tell it by." />,
  };
}

function amountColumn(id: string, header: string, of: (row: Finished) => string | null): DataColumn<Finished> {
  return {
    id,
    header,
    kind: "money",
    isMinor: id === "planned" || id === "forecast",
    value: of,
    cell: (row, form) => (
      <Money amount={of(row)} currency={row.currency} missing={missingOf(id)} short={form === "compact"} />
    ),
    hasCompact: true,
  };
}

function missingOf(id: string): string {
  if (id === "forecast") return "Nobody looked at it while it ran.";
  return id === "actual" ? "There is no data." : "Nobody could tell what it followed.";
}

function textColumn<Row>(id: string, header: string, of: (row: Row) => string): DataColumn<Row> {
  return {
    id,
    header,
    isMinor: true,
    value: of,
    cell: (row) => (
      <span className="truncate" dir="auto" title={of(row)}>
        {of(row)}
      </span>
    ),
  };
}
