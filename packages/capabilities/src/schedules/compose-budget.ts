import { parseDecimal } from "@finops/kernel/decimal";
import { formatDay, formatPeriod } from "@finops/kernel/format-day";
import { formatMoney, formatMoneyShort } from "@finops/kernel/format-figure";
import type { Budget, BudgetPreview } from "../budgets/contract.ts";
import type { ChartData } from "../pictures/index.ts";
import { missingMark, oneLine, type PrintedFigure, type Section } from "./document.ts";

const stateWords = {
  "no-limit": "No limit",
  "no-data": "No data",
  "on-track": "On track",
  "at-risk": "At risk",
  exceeded: "Exceeded",
} as const;

/** How a budget stands, as people read it: its figures, what is left of it day by day, and its periods so far. */
export function composeBudget(budget: Budget, { standing, burnDown, periods }: BudgetPreview): Section[] {
  const { currency } = budget;
  const title = oneLine(budget.name);
  const money = (amount: string) => formatMoney(amount, currency);
  if (standing === null)
    return [{ kind: "missing", title, about: currency, reason: "It has no period today and none to come." }];
  const about = `${formatPeriod(standing.period)}, ${currency}`;
  const figure = (label: string, amount: string | null, missing: string | null, change: string | null = null) => ({
    label,
    value: amount === null ? null : money(amount),
    missing,
    change,
  });
  const percent = (value: string | null) => (value === null ? "" : ` (${parseDecimal(value).toFixed(1)} %)`);
  const noData = "There is no data for this period yet.";
  const noLimit = standing.limitMissing;
  const figures: PrintedFigure[] = [
    { label: "State", value: stateWords[standing.state], missing: null, change: null },
    figure("Limit", standing.limit, noLimit),
    figure(
      "Spent",
      standing.actual,
      noData,
      standing.usedPercent === null ? null : `${parseDecimal(standing.usedPercent).toFixed(1)} % of the limit`,
    ),
    figure("Expected at its end", standing.expected, standing.expectedMissing),
    {
      label: "Over the limit at its end",
      value:
        standing.expectedVariance === null
          ? null
          : `${money(standing.expectedVariance.amount)}${percent(standing.expectedVariance.percent)}`,
      missing: standing.expectedMissing ?? noLimit ?? noData,
      change: null,
    },
    {
      label: "Days left",
      value: String(standing.daysLeft),
      missing: null,
      change: standing.dailyAllowance === null ? null : `${money(standing.dailyAllowance)} for each`,
    },
  ];
  return [
    { kind: "figures", title, about, figures },
    ...(burnDown.length < 2
      ? []
      : [{ kind: "chart" as const, title: "What is left", about, chart: burnDownChart(budget, { burnDown }, about) }]),
    {
      kind: "table",
      title: "Its periods",
      about: currency,
      table: {
        columns: [
          { label: "Period", isFigure: false },
          { label: "Limit", isFigure: true },
          { label: "Carried in", isFigure: true },
          { label: "Spent", isFigure: true },
        ],
        rows: periods.map(({ period, limit, carriedIn, spent }) => [
          formatPeriod(period),
          limit === null ? missingMark : money(limit),
          carriedIn === null ? missingMark : money(carriedIn),
          spent === null ? missingMark : money(spent),
        ]),
        total: null,
        notes: notesOf(periods),
      },
    },
  ];
}

/** Why figures of its periods are missing. */
function notesOf(periods: BudgetPreview["periods"]): string[] {
  const reasons = periods.flatMap(({ spent, limitMissing }) => [
    ...(spent === null ? ["There is no data for the period."] : []),
    ...(limitMissing === null ? [] : [limitMissing]),
  ]);
  return [...new Set(reasons)].map((reason) => `${missingMark} ${reason}`);
}

/** What is left of a budget day by day, beside what is expected and an even pace. */
export function burnDownChart(
  { name, currency }: Pick<Budget, "name" | "currency">,
  { burnDown }: Pick<BudgetPreview, "burnDown">,
  about: string,
): ChartData {
  const toNumbers = (values: readonly (string | null)[]) =>
    values.map((value) => (value === null ? null : parseDecimal(value).toNumber()));
  const lastOf = (values: readonly (string | null)[]) => values.filter((value) => value !== null).at(-1) ?? null;
  const shown = (values: readonly (string | null)[]) => {
    const last = lastOf(values);
    return last === null ? missingMark : formatMoney(last, currency);
  };
  const [left, expected, even] = [
    burnDown.map((point) => point.left),
    burnDown.map((point) => point.expectedLeft),
    burnDown.map((point) => point.evenLeft),
  ];
  const series = [
    { label: "Left", shown: shown(left), values: toNumbers(left) },
    { label: "Left, as expected", shown: shown(expected), values: toNumbers(expected), isDashed: true },
    { label: "At an even pace", shown: shown(even), values: toNumbers(even), isDashed: true },
  ];
  return {
    title: `What is left of ${oneLine(name)}`,
    description: `What is left of ${oneLine(name)}, ${about}: ${series.map((one) => `${one.label} ${one.shown}`).join("; ")}.`,
    mark: (value) => formatMoneyShort(String(value), currency),
    kind: "lines",
    buckets: burnDown.map(({ day }) => formatDay(day, "day")),
    series,
  };
}
