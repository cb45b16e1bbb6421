import { type Decimal, parseDecimal, roundHalfAway, sum } from "@finops/kernel/decimal";
import { formatDay } from "@finops/kernel/format-day";
import { addMonths, type Period } from "@finops/kernel/period";
import type { BudgetStanding, KeptAmount, KeptMetric } from "./contract.ts";
import type { ToldAmount, Untold } from "./told-amount.ts";

type UnitAmount = Extract<KeptAmount, { kind: "unit" }>;

interface Counted {
  quantity: Decimal;
  /** How many months it is made of. */
  months: number;
  kind: NonNullable<BudgetStanding["units"]>["kind"];
}

/**
 * What a metric counts in a period of whole months, as the sum of its months. Nobody can tell it where a month has no value.
 */
function countIn({ name, values }: KeptMetric, { start, end }: Period): Counted | Untold {
  const byMonth = new Map(values.map((value) => [value.month, value]));
  const found: KeptMetric["values"] = [];
  for (let day = start; day < end; day = addMonths(day, 1)) {
    const value = byMonth.get(day.slice(0, 7));
    if (value === undefined) return { missing: `The unit metric ${name} has no value of ${formatDay(day, "month")}.` };
    found.push(value);
  }
  const kinds = new Set(found.map(({ kind }) => kind));
  return {
    quantity: sum(found.map(({ quantity }) => parseDecimal(quantity))),
    months: found.length,
    kind: kinds.size > 1 ? "partly planned" : found[0]!.kind,
  };
}

/**
 * The price of what a metric counts in a period: of all that its months add up to, or of their mean where it is a level.
 * Rounded once, to the cents (or to the places of the price, where those are more).
 */
export function metricBase({ price, metric }: UnitAmount, period: Period): ToldAmount {
  const counted = countIn(metric, period);
  if ("missing" in counted) return counted;
  const each = parseDecimal(price);
  const whole = each.times(counted.quantity);
  const base = metric.aggregation === "level" ? whole.dividedBy(counted.months) : whole;
  return roundHalfAway(base, Math.max(2, each.decimalPlaces()));
}

/** What a standing tells of the metric; null where the amount follows none, or nobody can tell. */
export function unitsIn(amount: KeptAmount, period: Period): BudgetStanding["units"] {
  if (amount.kind !== "unit") return null;
  const counted = countIn(amount.metric, period);
  if ("missing" in counted) return null;
  const { quantity, months, kind } = counted;
  const shown = amount.metric.aggregation === "level" ? quantity.dividedBy(months).toSignificantDigits(20) : quantity;
  return { quantity: shown.toString(), kind };
}

const shownMonths = 3;

/** What moved between two states of a metric, for the history of what follows it: "October 2026: 12500, before 12000". */
export function changeWords(before: KeptMetric, now: KeptMetric): string {
  const [old, fresh] = [before, now].map(
    ({ values }) => new Map(values.map(({ month, quantity, kind }) => [month, `${quantity} ${kind}`])),
  );
  const months = [...new Set([...old!.keys(), ...fresh!.keys()])]
    .toSorted()
    .filter((month) => old!.get(month) !== fresh!.get(month));
  const told = months
    .slice(0, shownMonths)
    .map(
      (month) =>
        `${formatDay(`${month}-01`, "month")}: ${fresh!.get(month) ?? "no value"}, before ${old!.get(month) ?? "no value"}`,
    );
  const more = months.length > shownMonths ? [`and ${months.length - shownMonths} more`] : [];
  return [...told, ...more].join("; ");
}
