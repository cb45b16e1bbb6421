import { type Decimal, parseDecimal } from "@finops/kernel/decimal";
import { formatDay } from "@finops/kernel/format-day";
import { type Day, monthOf } from "@finops/kernel/period";
import type { MetricValue, UnitCosts } from "./contract.ts";

/** Of a division: more than a currency has, so that what is tiny is not nothing. */
const digits = 20;

type MonthCost = UnitCosts["currencies"][number]["months"][number];

/**
 * What one of a metric cost in a month. Null, with the reason, where the month is not over, or where cost or quantity is
 * missing: the cost so far by the quantity of a whole month would be a promise.
 * @param cost null without charges
 */
export function unitCostIn(
  month: string,
  cost: Decimal | null,
  value: MetricValue | undefined,
  unitMany: string,
  today: Day,
): MonthCost {
  const told = { month, cost: cost?.toString() ?? null, quantity: value?.quantity ?? null, kind: value?.kind ?? null };
  const name = formatDay(`${month}-01`, "month");
  const none = (missing: string) => ({ ...told, perUnit: null, missing });
  if (monthOf(`${month}-01`).end > today) return none(`${name} is not over yet.`);
  if (value === undefined) return none(`Nobody has written the ${unitMany} of ${name}.`);
  if (cost === null) return none(`There are no costs of ${name}.`);
  const quantity = parseDecimal(value.quantity);
  if (quantity.isZero()) return none(`There were no ${unitMany} in ${name}.`);
  return { ...told, perUnit: cost.dividedBy(quantity).toSignificantDigits(digits).toString(), missing: null };
}
