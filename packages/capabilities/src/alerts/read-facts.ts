import { type Decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import { addDays, type Day, type Period } from "@finops/kernel/period";
import type { CostFilter, CostQueryInput } from "@finops/warehouse/query/cost-query";
import { type Ask, rowsOf } from "../budgets/index.ts";
import type { Condition } from "./contract.ts";
import type { CostSeries } from "./cost-series.ts";
import { type CostCondition, daysNeeded, dimensionOf } from "./observe-costs.ts";

export interface CostFactsRead {
  covered: ReadonlySet<Day>;
  seriesOf: (condition: CostCondition) => CostSeries;
}

/** Of a dimension the values that cost most: what lies behind them makes no alert worth the name. */
const valuesMax = 1000;
const pageRows = 100_000;

const notAboutCosts: ReadonlySet<Condition["kind"]> = new Set([
  "budget",
  "budget-pace",
  "failed-import",
  "failed-job",
  "credential-expiring",
  "event",
]);

export function isAboutCosts(condition: Condition): condition is CostCondition {
  return !notAboutCosts.has(condition.kind);
}

/** All costs that conditions need to be told of from a day to another, conditions that want the same in one question. */
export async function readCostFacts(
  ask: Ask,
  conditions: readonly Condition[],
  { first, last }: { first: Day; last: Day },
  signal?: AbortSignal,
): Promise<CostFactsRead> {
  const about = conditions.filter(isAboutCosts);
  const wanted = new Map<string, { condition: CostCondition; days: number }>();
  for (const condition of about) {
    const key = keyOf(condition);
    const days = Math.max(daysNeeded(condition), wanted.get(key)?.days ?? 0);
    wanted.set(key, { condition, days });
  }
  const found = new Map<string, CostSeries>();
  for (const [key, { condition, days }] of wanted) {
    signal?.throwIfAborted();
    found.set(key, await readSeries(ask, condition, { start: addDays(first, -days), end: addDays(last, 1) }));
  }
  const daysMax = Math.max(0, ...about.map(daysNeeded));
  const covered =
    about.length === 0
      ? new Set<Day>()
      : await readCovered(ask, { start: addDays(first, -daysMax), end: addDays(last, 1) });
  return { covered, seriesOf: (condition) => found.get(keyOf(condition)) ?? new Map() };
}

async function readCovered(ask: Ask, period: Period): Promise<ReadonlySet<Day>> {
  const days = new Set<Day>();
  for await (const { time } of rowsOf(ask, { measures: ["effectiveCost"], period, grain: "day", limit: pageRows }))
    if (time !== null) days.add(time.slice(0, 10));
  return days;
}

async function readSeries(ask: Ask, condition: CostCondition, period: Period): Promise<CostSeries> {
  const dimension = dimensionOf(condition);
  const measure = measureOf(condition);
  const filter = filterOf(condition);
  const series = new Map<string | null, Map<Day, Decimal>>();
  const query: CostQueryInput = {
    measures: [measure],
    groupBy: dimension === null ? [] : [dimension],
    ...(filter === null ? {} : { filter }),
    period,
    grain: "day",
    limit: pageRows,
    ...(dimension === null ? {} : { top: { count: valuesMax, other: false } }),
  };
  for await (const { key, time, currency, values } of rowsOf(ask, query)) {
    const amount = values[measure]?.value ?? null;
    if (time === null || amount === null) continue;
    // Whether there is any charge is asked in all currencies, how much in one.
    const isCounted = !("currency" in condition) || condition.currency === currency;
    if (!isCounted) continue;
    const value = dimension === null ? null : (key[dimension] ?? null);
    const days = series.get(value) ?? new Map<Day, Decimal>();
    if (days.size === 0) series.set(value, days);
    days.set(time.slice(0, 10), "currency" in condition ? parseDecimal(amount) : zero);
  }
  return series;
}

function measureOf(condition: CostCondition): "effectiveCost" | "billedCost" {
  return "measure" in condition ? condition.measure : "effectiveCost";
}

/** A purchase is paid once and for long: it is no unusual use. */
function filterOf(condition: CostCondition): CostFilter | null {
  if (condition.kind !== "anomaly") return condition.filter;
  const used: CostFilter = { not: { dimension: "chargeCategory", is: "Purchase" } };
  return condition.filter === null ? used : { and: [condition.filter, used] };
}

function keyOf(condition: CostCondition): string {
  const currency = "currency" in condition ? condition.currency : null;
  return JSON.stringify([filterOf(condition), measureOf(condition), currency, dimensionOf(condition)]);
}
