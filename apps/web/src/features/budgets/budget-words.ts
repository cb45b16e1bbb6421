import type {
  Budget,
  BudgetPeriods,
  BudgetStanding,
  BudgetState,
  KeptAmount,
} from "@finops/capabilities/budgets/contract";
import type { Period } from "@finops/kernel/period";
import { formatQuantity } from "@finops/kernel/format-quantity";
import { formatDay, formatPeriod } from "@finops/ui/text/format-day";
import { formatMoney, formatUnitPrice } from "@finops/ui/text/format-figure";

export const stateWords: Readonly<
  Record<BudgetState, { label: string; about: string; tone: "neutral" | "good" | "warning" | "bad" }>
> = {
  "no-limit": { label: "No limit", about: "Nobody can tell what the period may cost", tone: "warning" },
  "no-data": { label: "No data", about: "No charge of this period matches it", tone: "neutral" },
  "on-track": { label: "On track", about: "Expected to end within its limit", tone: "good" },
  "at-risk": { label: "At risk", about: "Within its limit, and expected to end over it", tone: "warning" },
  exceeded: { label: "Over", about: "More is spent than its limit", tone: "bad" },
};

export const measureWords = { effectiveCost: "Effective cost", billedCost: "Billed cost" } as const;

export function grainWords(periods: BudgetPeriods): string {
  return periods.grain === "custom" ? formatPeriod(periods) : `Each ${periods.grain}`;
}

/** What a budget allows, in words. */
export function amountWords(amount: KeptAmount, currency: string): string {
  if (amount.kind === "children") return "what the budgets below it come to";
  if (amount.kind === "plan") return `a plan of ${amount.amounts.length} amounts`;
  if (amount.kind === "unit") return `${formatUnitPrice(amount.price, currency)} for each ${amount.metric.unitOne}`;
  const money = formatMoney(amount.amount, currency);
  return amount.kind === "fixed" ? money : `${money}, growing by ${amount.percent} % each period`;
}

/** What of a unit metric a limit is the price of: "12,000 planned orders"; null where the limit follows none. */
export function unitsWords(
  amount: KeptAmount,
  standing: Pick<BudgetStanding, "units" | "limitMissing"> | null,
): string | null {
  if (amount.kind !== "unit" || standing === null) return null;
  const { units, limitMissing } = standing;
  if (units === null) return limitMissing;
  const kind = units.kind === "actual" ? "" : `${units.kind} `;
  const mean = amount.metric.aggregation === "level" ? " as the mean of its months" : "";
  return `${formatQuantity(units.quantity)} ${kind}${amount.metric.unitMany}${mean}`;
}

/** The first figure of a budget, as a sentence. */
export function standingSentence({
  standing,
  currency,
}: {
  standing: BudgetStanding | null;
  currency: string;
}): string {
  if (standing === null) return "It is being worked out.";
  const { period, actual, limit, limitMissing, expected, expectedVariance, phase } = standing;
  const money = (amount: string) => formatMoney(amount, currency);
  const name = formatPeriod(period);
  if (limit === null) {
    const told =
      actual === null ? "There is no limit and no data" : `${name} stands at ${money(actual)}, without a limit`;
    return `${told}${actual === null ? ` for ${name}` : ""}. ${limitMissing ?? ""}`.trim();
  }
  if (phase === "upcoming") return `${name} may cost ${money(limit)}. It begins on ${formatDay(period.start)}.`;
  if (actual === null) return `There is no data for ${name}; its limit is ${money(limit)}.`;
  const spent = `${name} stands at ${money(actual)} of ${money(limit)}`;
  if (expected === null || expectedVariance === null || phase === "over") return `${spent}.`;
  const over = expectedVariance.amount;
  const by = over.startsWith("-") ? `${money(over.slice(1))} below the limit` : `${money(over)} over the limit`;
  return `${spent} and is expected to end at ${money(expected)}, ${over === "0" ? "the limit itself" : by}.`;
}

/** The days of a period that there can be charges of: the explorer shows no empty days after them. */
export function knownDays({ period, dataEnd }: { period: Period; dataEnd: string | null }): Period {
  if (dataEnd === null || dataEnd >= period.end || dataEnd <= period.start) return period;
  return { start: period.start, end: dataEnd };
}

export interface TreeRow {
  budget: Budget;
  level: number;
}

/** Parents before what is below them, each by name; what stands below a budget that one does not see stands at the top. */
export function toTree(budgets: readonly Budget[]): TreeRow[] {
  const ids = new Set(budgets.map(({ id }) => id));
  const below = (parentId: string | null, level: number): TreeRow[] =>
    budgets
      .filter((one) => (one.parentId !== null && ids.has(one.parentId) ? one.parentId : null) === parentId)
      .flatMap((budget) => [{ budget, level }, ...below(budget.id, level + 1)]);
  return below(null, 0);
}
