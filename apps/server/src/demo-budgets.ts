import { createBudgets } from "@finops/capabilities/budgets/index";
import { queryCosts } from "@finops/capabilities/costs/index";
import { type Decimal, decimal, parseDecimal, roundHalfAway, zero } from "@finops/kernel/decimal";
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
  /** Of the two months before and of the month that runs. */
  sinceStart: Decimal;
}

/** Of the three largest providers, from the largest: one that stays far within its budget, one that will not, one that does. */
const kinds = ["unused", "at-risk", "close"] as const;
const monthsBack = 2;

/**
 * The budgets of a company that looks around: a tree of its providers, planned from the bottom up, and a project that has
 * spent its money, so that every state is there on any day of a month. They are made as a person makes them, and worked out
 * by whoever works out budgets.
 */
export async function makeDemoBudgets(ctx: Context, store: CostStore, end: Day): Promise<void> {
  const month = monthOf(end);
  const costs = (await readProviders(ctx, new CostReader(store), month)).slice(0, kinds.length);
  if (costs.length === 0) return;
  const start = addMonths(month.start, -monthsBack);
  const shape = { measure: "effectiveCost", currency: "USD", reason: "To look around with." };
  const monthly = { ...shape, periods: { grain: "month", start, end: null } };
  const providers = costs.map(({ name, ...cost }, index) => {
    const kind = kinds[index]!;
    const amount = limitFor(kind, cost, { month, end }).toString();
    return {
      below: 0,
      budget: {
        ...monthly,
        name,
        filter: { dimension: "providerName", is: name },
        amount: { kind: "fixed", amount },
        // What a month leaves is there in the next.
        rollover: kind === "unused" ? { kind: "unused", cap: amount } : undefined,
      },
    };
  });
  const { name, sinceStart } = costs.at(-1)!;
  const project = {
    ...shape,
    name: `Move to ${name}`,
    periods: { grain: "custom", start, end: month.end },
    filter: { dimension: "providerName", is: name },
    amount: { kind: "fixed", amount: inWhole(sinceStart.times("0.9")).toString() },
  };
  const all = { ...monthly, name: "All clouds", amount: { kind: "children" } };
  await createBudgets(ctx, { budgets: [{ budget: all }, ...providers, { budget: project }] });
}

const fewDays = 7;

/** An amount in round figures that puts a budget into a state, as far as that can be told without its expectation. */
export function limitFor(
  kind: (typeof kinds)[number],
  { lastMonth, toDate }: Pick<ProviderCosts, "lastMonth" | "toDate">,
  { month, end }: { month: Period; end: Day },
): Decimal {
  const days = daysIn({ start: month.start, end: addDays(end, 1) });
  const evenly = toDate.dividedBy(days).times(daysIn(month));
  // A month begins with what comes once in it: its first days say little of the rest.
  const usual = days <= fewDays ? lastMonth : evenly;
  const larger = usual.greaterThan(lastMonth) ? usual : lastMonth;
  if (kind !== "at-risk") return inWhole(larger.times(kind === "unused" ? "1.2" : "1.05"));
  const least = toDate.plus(usual.minus(toDate).dividedBy(8));
  const wanted = usual.times("0.9");
  return inWhole(wanted.greaterThan(least) ? wanted : least);
}

function inWhole(amount: Decimal): Decimal {
  const whole = roundHalfAway(amount, 0);
  return whole.greaterThan(1) ? whole : decimal("1");
}

async function readProviders(ctx: Context, reader: CostReader, month: Period): Promise<ProviderCosts[]> {
  const { rows } = await queryCosts(ctx, reader, {
    measures: ["effectiveCost"],
    groupBy: ["providerName"],
    period: { start: addMonths(month.start, -monthsBack), end: month.end },
    grain: "month",
    limit: 100,
  });
  const found = new Map<string, ProviderCosts>();
  for (const { key, time, currency, values } of rows) {
    const [name, value] = [key["providerName"], values["effectiveCost"]?.value];
    if (currency !== "USD" || name == null || value == null) continue;
    const one = found.get(name) ?? { name, lastMonth: zero, toDate: zero, sinceStart: zero };
    const amount = parseDecimal(value);
    const start = time?.slice(0, 10);
    found.set(name, {
      name,
      lastMonth: start === addMonths(month.start, -1) ? amount : one.lastMonth,
      toDate: start === month.start ? amount : one.toDate,
      sinceStart: one.sinceStart.plus(amount),
    });
  }
  return [...found.values()].toSorted((a, b) => b.lastMonth.comparedTo(a.lastMonth));
}
