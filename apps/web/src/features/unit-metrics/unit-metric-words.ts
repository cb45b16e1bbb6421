import type { Aggregation, UnitCosts, UnitMetric, ValueKind } from "@finops/capabilities/unit-metrics/contract";
import { formatQuantity } from "@finops/kernel/format-quantity";
import { parseDecimal } from "@finops/kernel/decimal";
import { formatDay } from "@finops/ui/text/format-day";
import { formatPercent, formatUnitPrice } from "@finops/ui/text/format-figure";

export const aggregationWords: Readonly<Record<Aggregation, { label: string; about: string }>> = {
  total: { label: "A total of each month", about: "The months of a quarter add up, as orders do" },
  level: { label: "A level in each month", about: "A quarter is the mean of its months, as with customers" },
};

export const kindWords: Readonly<Record<ValueKind, string>> = { actual: "Actual", planned: "Planned" };

export function monthWords(month: string): string {
  return formatDay(`${month}-01`, "month");
}

type MonthCost = UnitCosts["currencies"][number]["months"][number];

/** The first figure of a metric, as a sentence: what one cost in the last month that can be told, and against the one before. */
export function unitCostSentence(
  { unitOne, unitMany }: Pick<UnitMetric, "unitOne" | "unitMany">,
  currency: string,
  months: readonly MonthCost[],
): string {
  const at = months.findLastIndex(({ perUnit }) => perUnit !== null);
  const last = months[at];
  if (last?.perUnit == null) {
    const over = months.findLast(({ missing }) => missing !== null && !missing.includes("not over"));
    return `What one ${unitOne} costs cannot be told yet. ${over?.missing ?? ""}`.trim();
  }
  const told = `One ${unitOne} cost ${formatUnitPrice(last.perUnit, currency)} in ${monthWords(last.month)}`;
  const by = `with ${formatQuantity(last.quantity!)} ${last.kind === "planned" ? "planned " : ""}${unitMany}`;
  const before = months[at - 1]?.perUnit ?? null;
  if (before === null || parseDecimal(before).isZero()) return `${told}, ${by}.`;
  const change = parseDecimal(last.perUnit).minus(before).dividedBy(before);
  if (change.isZero()) return `${told}, as in the month before, ${by}.`;
  const way = change.isNegative() ? "less" : "more";
  return `${told}, ${formatPercent(change.abs().toString())} ${way} than in the month before, ${by}.`;
}
