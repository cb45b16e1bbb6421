import { type Decimal, parseDecimal, roundHalfAway, sum, zero } from "@finops/kernel/decimal";
import { addDays, addMonths, type Day, type Period } from "@finops/kernel/period";
import { baseAmounts } from "./amounts.ts";
import type { BudgetAmount, BudgetDefinition, BudgetPeriods, KeptAmount } from "./contract.ts";
import type { Moment } from "./evaluate.ts";
import { metricBase } from "./metric-amount.ts";
import { firstPeriods, periodAt, periodsMax, periodsUntil } from "./periods.ts";
import { sumTold, toldOrNull } from "./told-amount.ts";

export interface Copied {
  name: string;
  periods: BudgetPeriods;
  amount: BudgetAmount;
  total: Decimal | null;
  totalBefore: Decimal | null;
  notes: string[];
}

export interface CopyRule {
  amounts: "planned" | "actual";
  percent: string;
  /** What a period has cost; null where it is not over, or has no data. */
  spentIn: (period: Period) => Decimal | null;
}

type OwnAmount = Exclude<KeptAmount, { kind: "unit" }>;
type Source = { name: string } & Pick<BudgetDefinition, "periods" | "amount">;

/** A budget for the fiscal year after its own. One without end goes on by itself, so that its copy is for the year to come. */
export function copyToNextYear({ name, periods, amount }: Source, moment: Moment, rule: CopyRule): Copied {
  const next = nextPeriods(periods, moment);
  const targets = firstPeriods(next, moment.fiscalYearStart, periodsMax);
  const before = targets.map(yearBefore);
  const notes =
    "end" in periods && periods.end === null ? ["It has no end: end it, or both count the same costs next year."] : [];
  const copied = { name: nameOfYear(name, before[0]?.start, targets[0]?.start), periods: next };
  if (amount.kind === "children") return { ...copied, amount, total: null, totalBefore: null, notes };
  if (amount.kind === "unit")
    return { ...copied, ...copyOfUnit(amount, before, rule), notes: [...notes, followsWords(amount)] };
  const planned = plannedIn(periods, amount, before, moment);
  const spent = rule.amounts === "actual" ? before.map(rule.spentIn) : before.map(() => null);
  const factor = parseDecimal(rule.percent).dividedBy(100).plus(1);
  const grown = planned.map((base, index) => {
    const from = spent[index] ?? base;
    // A credit is no plan.
    return from.isNegative() ? zero : rounded(from.times(factor), Math.max(2, base.decimalPlaces()));
  });
  const missing = spent.filter((one) => one === null).length;
  if (rule.amounts === "actual" && missing > 0)
    notes.push(
      `${missing === 1 ? "1 period" : `${missing} periods`} of ${before.length} are not over yet, or have no data: the planned amount stands for them.`,
    );
  return {
    ...copied,
    amount: amountOf(amount, rule, targets, grown),
    total: sum(grown),
    totalBefore: sum(planned),
    notes,
  };
}

type UnitAmount = Extract<KeptAmount, { kind: "unit" }>;

/** The price goes on, with what is put on top; its quantities are those that the metric will have. */
function copyOfUnit(amount: UnitAmount, before: readonly Period[], { percent }: CopyRule) {
  const price = parseDecimal(amount.price);
  const grown = rounded(price.times(parseDecimal(percent).dividedBy(100).plus(1)), Math.max(2, price.decimalPlaces()));
  const planned = sumTold(before.map((period) => metricBase(amount, period)));
  return {
    amount: { kind: "unit" as const, metricId: amount.metricId, price: grown.toString() },
    total: null,
    totalBefore: toldOrNull(planned),
  };
}

function followsWords({ metric }: UnitAmount): string {
  return `It follows the unit metric ${metric.name}: what it comes to is its price for the ${metric.unitMany} of next year.`;
}

/** The days of a plan that the year before had. */
export function yearBefore({ start, end }: Period): Period {
  return { start: addMonths(start, -12), end: addMonths(end, -12) };
}

export function nextPeriods(periods: BudgetPeriods, { today, fiscalYearStart }: Moment): BudgetPeriods {
  if (periods.end !== null) return { ...periods, start: addMonths(periods.start, 12), end: addMonths(periods.end, 12) };
  const { end } = periodAt("year", today, fiscalYearStart);
  return { ...periods, start: end, end: addMonths(end, 12) };
}

/** What was planned for some periods; one before the budget began is planned as its first. */
function plannedIn(periods: BudgetPeriods, amount: OwnAmount, of: readonly Period[], moment: Moment): Decimal[] {
  const all = periodsUntil(periods, moment.fiscalYearStart, of.at(-1)?.start ?? periods.start);
  const known = all.length > 0 ? all : firstPeriods(periods, moment.fiscalYearStart, 1);
  const bases = baseAmounts(amount, known, () => zero);
  const byStart = new Map(known.map(({ start }, index) => [start, bases[index]!]));
  return of.map(({ start }) => byStart.get(start) ?? bases[0] ?? zero);
}

function amountOf(
  amount: OwnAmount,
  { amounts }: CopyRule,
  targets: readonly Period[],
  grown: readonly Decimal[],
): BudgetAmount {
  const isPlan = amount.kind === "plan" || (amounts === "actual" && targets.length > 1);
  if (isPlan)
    return {
      kind: "plan",
      amounts: targets.map(({ start }, index) => ({ start, amount: grown[index]!.toString() })),
    };
  const first = grown[0]!.toString();
  return amount.kind === "growing" ? { ...amount, amount: first } : { kind: "fixed", amount: first };
}

function rounded(value: Decimal, places: number): Decimal {
  return roundHalfAway(value, Math.min(places, 8));
}

/** A year in a name moves along: "EKS 2026" becomes "EKS 2027". */
function nameOfYear(name: string, before: Day | undefined, after: Day | undefined): string {
  if (before === undefined || after === undefined) return name;
  // Of a fiscal year, both that it touches.
  const years = new Set([before, addDays(addMonths(before, 12), -1)].map((day) => day.slice(0, 4)));
  return name.replaceAll(/(?<!\d)\d{4}(?!\d)/g, (year) => (years.has(year) ? String(Number(year) + 1) : year));
}

/** Whether two budgets could not be told apart: the same name for the same days. */
export function areTwins(
  one: { name: string; periods: BudgetPeriods },
  other: { name: string; periods: BudgetPeriods },
): boolean {
  const [a, b] = [one.periods, other.periods];
  return one.name === other.name && a.grain === b.grain && a.start === b.start && a.end === b.end;
}
