import { type Decimal, decimal } from "@finops/kernel/decimal";
import { monthOf, type Period } from "@finops/kernel/period";
import { tablesOf } from "@finops/warehouse/model/dimensions";
import type { CostAnswer, CostFilter, CostQueryInput } from "@finops/warehouse/query/cost-query";
import { dimensionsOf, filterMatches, type GroupKey } from "@finops/warehouse/query/filter-matches";
import type { DayCost } from "../forecasting/index.ts";
import type { BudgetDefinition } from "./contract.ts";

export interface Asked extends Pick<BudgetDefinition, "filter" | "measure" | "currency"> {
  id: string;
  /** The days that it needs. */
  window: Period;
}

export interface BudgetCosts {
  days: DayCost[];
  /** Of charges that its filter matches and that are not in its currency. */
  otherCurrencies: string[];
}

export type Ask = (query: CostQueryInput) => Promise<CostAnswer>;

/** What expectations are made of, beside the provider that a bill is of. */
const series = ["providerName", "serviceName", "chargeCategory"] as const;
/** A query groups by ten dimensions at most. */
const dimensionsMax = 10 - series.length;
const pageRows = 100_000;
/** A cost has at most 26 places, so as a whole number of 10⁻²⁶ it is added exactly, and faster than as a decimal. */
const places = 26;
const unit = decimal(`1e-${places}`);

/**
 * The daily costs of many budgets by a few questions: budgets whose filters name the same few dimensions are asked together, as
 * one grouping per month by all of these, and told apart in memory. What would make a group of nearly every charge, such as a
 * filter by resource, is asked alone. Each budget gets what its own query would say, to the last digit.
 */
export async function readBudgetCosts(ask: Ask, budgets: readonly Asked[]): Promise<ReadonlyMap<string, DaySums>> {
  const sums = new Map(budgets.map((budget) => [budget.id, new DaySums(budget)]));
  for (const batch of batchesOf(budgets)) {
    const match = matcherOf(batch, sums);
    for (const query of queriesOf(batch)) for await (const row of rowsOf(ask, query)) add(row, batch, match);
  }
  return sums;
}

type Row = CostAnswer["rows"][number];
type Match = (key: GroupKey) => readonly DaySums[];

/** What one budget has cost, by series and day. As costs it takes a hundred times the room, so these are made one by one. */
export class DaySums {
  readonly budget: Asked;
  readonly #series = new Map<string, { provider: string; days: Map<string, bigint> }>();
  readonly #others = new Set<string>();

  constructor(budget: Asked) {
    this.budget = budget;
  }

  add(name: string, provider: string, day: string, currency: string, amount: bigint): void {
    if (currency !== this.budget.currency) {
      this.#others.add(currency);
      return;
    }
    const one = this.#series.get(name) ?? { provider, days: new Map<string, bigint>() };
    if (one.days.size === 0) this.#series.set(name, one);
    one.days.set(day, (one.days.get(day) ?? 0n) + amount);
  }

  toCosts(): BudgetCosts {
    const days = [...this.#series].flatMap(([name, { provider, days: ofDay }]) =>
      [...ofDay].map(([day, amount]) => ({ series: name, provider, day, amount: toDecimal(amount) })),
    );
    return { days, otherCurrencies: [...this.#others].toSorted() };
  }
}

interface Batch {
  budgets: Asked[];
  dimensions: string[];
  /** Asked with its own filter. */
  alone: CostFilter | null;
}

function batchesOf(budgets: readonly Asked[]): Batch[] {
  const shared: Batch[] = [];
  const alone: Batch[] = [];
  for (const budget of budgets) {
    const named = budget.filter === null ? [] : dimensionsOf(budget.filter);
    const names = named.map(({ name }) => name);
    const isShared =
      named.every(
        (dimension) =>
          (dimension.source === "column" || dimension.source === "tag") && tablesOf(dimension).includes("rollup_combo"),
      ) && added([...series], names).length <= dimensionsMax + series.length;
    if (!isShared) {
      alone.push({ budgets: [budget], dimensions: [...series], alone: budget.filter });
      continue;
    }
    const fitting = shared.find(({ dimensions }) => added(dimensions, names).length <= dimensionsMax + series.length);
    if (fitting === undefined) {
      shared.push({ budgets: [budget], dimensions: added([...series], names), alone: null });
      continue;
    }
    fitting.budgets.push(budget);
    fitting.dimensions = added(fitting.dimensions, names);
  }
  return [...shared, ...alone];
}

function added(names: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...names, ...more])];
}

/** One query per month that somebody needs: a month is a file of its own, so together they read everything once. */
function queriesOf({ budgets, dimensions, alone }: Batch): CostQueryInput[] {
  const start = budgets.reduce((least, { window }) => (window.start < least ? window.start : least), "9999-12-31");
  const end = budgets.reduce((most, { window }) => (window.end > most ? window.end : most), "0001-01-01");
  const queries: CostQueryInput[] = [];
  for (let month = monthOf(start); month.start < end; month = monthOf(month.end))
    queries.push({
      measures: [...new Set(budgets.map(({ measure }) => measure))],
      groupBy: dimensions,
      ...(alone === null ? {} : { filter: alone }),
      period: month,
      grain: "day",
      limit: pageRows,
    });
  return queries;
}

/** Every row of an answer, page after page. */
export async function* rowsOf(ask: Ask, query: CostQueryInput): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    const answer = await ask({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    yield* answer.rows;
    cursor = answer.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

function add(row: Row, { dimensions }: Batch, match: Match): void {
  const day = row.time?.slice(0, 10);
  if (day === undefined) return;
  const found = match(row.key);
  if (found.length === 0) return;
  const name = JSON.stringify(dimensions.slice(0, series.length).map((one) => row.key[one] ?? null));
  const provider = row.key["providerName"] ?? "";
  const amounts = new Map<string, bigint | null>();
  for (const sums of found) {
    const { measure, window } = sums.budget;
    if (day < window.start || day >= window.end) continue;
    if (!amounts.has(measure)) amounts.set(measure, toUnits(row.values[measure]?.value ?? null));
    const amount = amounts.get(measure)!;
    if (amount !== null) sums.add(name, provider, day, row.currency, amount);
  }
}

/**
 * Which budgets a group belongs to. A budget that wants certain values of a dimension is looked at for these alone, so that ten
 * thousand budgets of a team each cost no more than one.
 */
function matcherOf({ budgets, dimensions, alone }: Batch, sums: ReadonlyMap<string, DaySums>): Match {
  const all = budgets.map((budget) => sums.get(budget.id)!);
  if (alone !== null) return () => all;
  const anchored = new Map<string, Map<string | null, DaySums[]>>();
  const others: DaySums[] = [];
  for (const one of all) {
    const anchor = one.budget.filter === null ? null : anchorOf(one.budget.filter);
    if (anchor === null) others.push(one);
    else {
      const byValue = anchored.get(anchor.dimension) ?? new Map<string | null, DaySums[]>();
      anchored.set(anchor.dimension, byValue);
      for (const value of new Set(anchor.values)) byValue.set(value, [...(byValue.get(value) ?? []), one]);
    }
  }
  const known = new Map<string, readonly DaySums[]>();
  return (key) => {
    const text = JSON.stringify(dimensions.map((name) => key[name] ?? null));
    const before = known.get(text);
    if (before !== undefined) return before;
    const candidates = [...anchored].flatMap(([name, byValue]) => byValue.get(key[name] ?? null) ?? []);
    const found = [...candidates, ...others].filter(
      ({ budget }) => budget.filter === null || filterMatches(budget.filter, key),
    );
    known.set(text, found);
    return found;
  };
}

/** Values of one dimension without which a filter lets nothing through; null where there are none. */
function anchorOf(filter: CostFilter): { dimension: string; values: readonly (string | null)[] } | null {
  if ("and" in filter) return filter.and.map(anchorOf).find((anchor) => anchor !== null) ?? null;
  if ("or" in filter || "not" in filter) return null;
  const values = filter.is !== undefined ? [filter.is] : filter.in;
  return values === undefined ? null : { dimension: dimensionsOf(filter)[0]!.name, values };
}

function toUnits(text: string | null): bigint | null {
  if (text === null) return null;
  const [whole, fraction = ""] = text.split(".") as [string, string?];
  return BigInt(whole + fraction.padEnd(places, "0"));
}

function toDecimal(units: bigint): Decimal {
  return decimal(units).times(unit);
}
