import { createBudgets } from "@finops/capabilities/budgets/index";
import { queryCosts } from "@finops/capabilities/costs/index";
import { type Decimal, decimal, parseDecimal, roundHalfAway } from "@finops/kernel/decimal";
import { addDays, addMonths, type Day, daysIn, monthOf, type Period } from "@finops/kernel/period";
import type { Context } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { CostStore } from "@finops/warehouse/query/cost-store";

/** What a provider has cost, as far as its budget is made of it. */
export interface ProviderCosts {
  name: string;
  lastMonth: Decimal;
  /** Of the month that runs, to its last day with data. */
  toDate: Decimal;
}

/** Of the three largest providers, from the largest: one that stays within its budget, one that will not, one that is over it. */
const kinds = ["on-track", "at-risk", "over"] as const;

/**
 * The budgets of a company that looks around: a tree of its providers, planned from the bottom up, in the states that budgets
 * come into. They are made as a person makes them, and worked out by whoever works out budgets.
 */
export async function makeDemoBudgets(ctx: Context, store: CostStore, end: Day): Promise<void> {
  const month = monthOf(end);
  const costs = await readProviders(ctx, new CostReader(store), month);
  if (costs.length === 0) return;
  const periods = { grain: "month", start: addMonths(month.start, -2), end: null };
  const shape = { measure: "effectiveCost", currency: "USD", periods };
  const providers = kinds.slice(0, costs.length).map((kind, index) => {
    const { name, ...cost } = costs[index]!;
    return {
      below: 0,
      budget: {
        ...shape,
        name,
        filter: { dimension: "providerName", is: name },
        amount: { kind: "fixed", amount: limitFor(kind, cost, { month, end }).toString() },
        // What a month leaves is there in the next.
        rollover:
          kind === "on-track" ? { kind: "unused", cap: limitFor(kind, cost, { month, end }).toString() } : undefined,
        reason: "To look around with.",
      },
    };
  });
  const all = { ...shape, name: "All clouds", amount: { kind: "children" }, reason: "To look around with." };
  await createBudgets(ctx, { budgets: [{ budget: all }, ...providers] });
}

/** An amount in round figures that puts a budget into a state, as far as that can be told without its expectation. */
export function limitFor(
  kind: (typeof kinds)[number],
  { lastMonth, toDate }: Omit<ProviderCosts, "name">,
  { month, end }: { month: Period; end: Day },
): Decimal {
  const days = daysIn({ start: month.start, end: addDays(end, 1) });
  const evenly = toDate.dividedBy(days).times(daysIn(month));
  const usual = evenly.greaterThan(lastMonth) ? evenly : lastMonth;
  const wanted =
    kind === "on-track"
      ? usual.times("1.2")
      : kind === "over"
        ? (toDate.isZero() ? lastMonth : toDate).times("0.85")
        : toDate.isZero()
          ? lastMonth.times("0.9")
          : toDate.plus(evenly.minus(toDate).dividedBy(8));
  return roundHalfAway(wanted, 0).greaterThan(1) ? roundHalfAway(wanted, 0) : decimal("1");
}

async function readProviders(ctx: Context, reader: CostReader, month: Period): Promise<ProviderCosts[]> {
  const { rows } = await queryCosts(ctx, reader, {
    measures: ["effectiveCost"],
    groupBy: ["providerName"],
    period: { start: addMonths(month.start, -1), end: month.end },
    grain: "month",
    limit: 100,
  });
  const found = new Map<string, ProviderCosts>();
  for (const { key, time, currency, values } of rows) {
    const [name, value] = [key["providerName"], values["effectiveCost"]?.value];
    if (currency !== "USD" || name == null || value == null) continue;
    const one = found.get(name) ?? { name, lastMonth: decimal("0"), toDate: decimal("0") };
    const part =
      time?.slice(0, 10) === month.start ? { toDate: parseDecimal(value) } : { lastMonth: parseDecimal(value) };
    found.set(name, { ...one, ...part });
  }
  return [...found.values()].toSorted((a, b) => b.lastMonth.comparedTo(a.lastMonth));
}
