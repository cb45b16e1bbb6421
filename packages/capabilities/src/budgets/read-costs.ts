import { type ExactAmount, toExactAmount } from "@finops/kernel/exact-amount";
import { addDays, type Day, daysIn, monthOf, type Period } from "@finops/kernel/period";
import { tablesOf } from "@finops/warehouse/model/dimensions";
import type { CostAnswer, CostFilter, CostQueryInput } from "@finops/warehouse/query/cost-query";
import { dimensionsOf, filterMatcher, type GroupKey } from "@finops/warehouse/query/filter-matches";
import type { DailyCosts } from "../forecasting/index.ts";
import type { BudgetDefinition } from "./contract.ts";

/** Which charges count, and of which days. */
interface Scope extends Pick<BudgetDefinition, "filter" | "measure" | "currency"> {
  window: Period;
}

export interface Asked extends Scope {
  id: string;
}

export interface BudgetCosts {
  costs: DailyCosts;
  /** Of charges that its filter matches and that are not in its currency. */
  otherCurrencies: string[];
}

export type Ask = (query: CostQueryInput) => Promise<CostAnswer>;

/** What expectations are made of, beside the provider that a bill is of. */
const series = ["providerName", "serviceName", "chargeCategory"] as const;
/** A query groups by ten dimensions at most. */
const dimensionsMax = 10 - series.length;
const pageRows = 100_000;

/**
 * The daily costs of many budgets by a few questions: budgets whose filters name the same few dimensions are asked together, as
 * one grouping per month by all of these, and told apart in memory. What would make a group of nearly every charge, such as a
 * filter by resource, is asked alone. Each budget gets what its own query would say, to the last digit; those of one scope get
 * the same sums.
 * @param grain `month` where only whole months are wanted: a month's costs then stand at its first day
 */
export async function readBudgetCosts(
  ask: Ask,
  budgets: readonly Asked[],
  grain: "day" | "month" = "day",
): Promise<ReadonlyMap<string, DaySums>> {
  const scopes = new Map<string, DaySums>();
  const sums = new Map(budgets.map((budget) => [budget.id, sumsOf(budget, scopes)]));
  for (const batch of batchesOf([...scopes.values()])) {
    const queries = queriesOf(batch, grain);
    const days = queries.flatMap(({ period }) => daysOf(period));
    const groups = new Map<string, Group>();
    const places = new Map(days.map((day, place) => [day, place]));
    for (const query of queries) for await (const row of rowsOf(ask, query)) gather(row, batch, places, groups);
    const match = matcherOf(batch);
    for (const group of groups.values()) for (const one of match(group.key)) one.add(group, days);
  }
  return sums;
}

/** What charges that nobody tells apart have cost, by measure and by the place of the day among those that are asked for. */
interface Group {
  key: GroupKey;
  series: string;
  provider: string;
  currency: string;
  amounts: Map<string, (ExactAmount | undefined)[]>;
}

type Row = CostAnswer["rows"][number];
type Match = (key: GroupKey) => readonly DaySums[];

/** What one scope has cost, by series and day. */
export class DaySums {
  readonly scope: Scope;
  readonly #series = new Map<string, { provider: string; amounts: (ExactAmount | undefined)[] }>();
  readonly #others = new Set<string>();
  /** Of its window. */
  #days: readonly Day[] = [];
  #first = 0;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  add({ series, provider, currency, amounts: ofMeasure }: Group, days: readonly Day[]): void {
    const amounts = ofMeasure.get(this.scope.measure);
    if (amounts === undefined) return;
    if (this.#days.length === 0) this.#keepWindow(days);
    const own = amounts.slice(this.#first, this.#first + this.#days.length);
    if (own.every((amount) => amount === undefined)) return;
    if (currency !== this.scope.currency) {
      this.#others.add(currency);
      return;
    }
    const one = this.#series.get(series);
    if (one === undefined) this.#series.set(series, { provider, amounts: own });
    else
      for (const [place, amount] of own.entries())
        if (amount !== undefined) one.amounts[place] = (one.amounts[place] ?? 0n) + amount;
  }

  toCosts(): BudgetCosts {
    const series = [...this.#series].map(([name, { provider, amounts }]) => ({ series: name, provider, amounts }));
    return {
      costs: { first: this.#days[0] ?? this.scope.window.start, series },
      otherCurrencies: [...this.#others].toSorted(),
    };
  }

  #keepWindow(days: readonly Day[]): void {
    const { start, end } = this.scope.window;
    this.#days = days.filter((day) => day >= start && day < end);
    this.#first = days.findIndex((day) => day >= start);
  }
}

function sumsOf({ filter, measure, currency, window }: Asked, scopes: Map<string, DaySums>): DaySums {
  const text = JSON.stringify([filter, measure, currency, window.start, window.end]);
  const sums = scopes.get(text) ?? new DaySums({ filter, measure, currency, window });
  scopes.set(text, sums);
  return sums;
}

interface Batch {
  sums: DaySums[];
  dimensions: string[];
  measures: BudgetDefinition["measure"][];
  /** Asked with its own filter. */
  alone: CostFilter | null;
}

function batchesOf(all: readonly DaySums[]): Batch[] {
  const shared: Batch[] = [];
  const alone: Batch[] = [];
  for (const sums of all) {
    const { filter, measure } = sums.scope;
    const named = filter === null ? [] : dimensionsOf(filter);
    const names = named.map(({ name }) => name);
    const isShared =
      named.every(
        (dimension) =>
          (dimension.source === "column" || dimension.source === "tag") && tablesOf(dimension).includes("rollup_combo"),
      ) && added([...series], names).length <= dimensionsMax + series.length;
    if (!isShared) {
      alone.push({ sums: [sums], dimensions: [...series], measures: [measure], alone: filter });
      continue;
    }
    const fitting = shared.find(({ dimensions }) => added(dimensions, names).length <= dimensionsMax + series.length);
    if (fitting === undefined) {
      shared.push({ sums: [sums], dimensions: added([...series], names), measures: [measure], alone: null });
      continue;
    }
    fitting.sums.push(sums);
    if (!fitting.measures.includes(measure)) fitting.measures.push(measure);
    fitting.dimensions = added(fitting.dimensions, names);
  }
  return [...shared, ...alone];
}

function added(names: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...names, ...more])];
}

/** One query per month that somebody needs: a month is a file of its own, so together they read everything once. */
function queriesOf({ sums, dimensions, measures, alone }: Batch, grain: "day" | "month"): CostQueryInput[] {
  const scopes = sums.map(({ scope }) => scope);
  const start = scopes.reduce((least, { window }) => (window.start < least ? window.start : least), "9999-12-31");
  const end = scopes.reduce((most, { window }) => (window.end > most ? window.end : most), "0001-01-01");
  const queries: CostQueryInput[] = [];
  for (let month = monthOf(start); month.start < end; month = monthOf(month.end))
    queries.push({
      measures,
      groupBy: dimensions,
      ...(alone === null ? {} : { filter: alone }),
      period: month,
      grain,
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

function daysOf({ start, end }: Period): Day[] {
  return Array.from({ length: daysIn({ start, end }) }, (_, index) => addDays(start, index));
}

function gather(row: Row, batch: Batch, places: ReadonlyMap<Day, number>, groups: Map<string, Group>): void {
  const place = places.get(row.time?.slice(0, 10) ?? "");
  if (place === undefined) return;
  const text = textOf(row, batch);
  let group = groups.get(text);
  if (group === undefined) {
    group = {
      key: row.key,
      series: JSON.stringify(series.map((one) => row.key[one] ?? null)),
      provider: row.key["providerName"] ?? "",
      currency: row.currency,
      amounts: new Map(
        batch.measures.map((measure) => [measure, Array<ExactAmount | undefined>(places.size).fill(undefined)]),
      ),
    };
    groups.set(text, group);
  }
  for (const measure of batch.measures) {
    const value = row.values[measure]?.value ?? null;
    const amounts = group.amounts.get(measure)!;
    if (value !== null) amounts[place] = (amounts[place] ?? 0n) + toExactAmount(value);
  }
}

/** Tells groups apart. A million rows are told apart by it, so it is put together by hand: lengths keep any text from playing two. */
function textOf({ currency, key }: Row, { dimensions }: Batch): string {
  let text = currency;
  for (const dimension of dimensions) {
    const value = key[dimension] ?? null;
    text += value === null ? " -" : ` ${value.length} ${value}`;
  }
  return text;
}

/**
 * Which scopes a group belongs to. One that wants certain values of some dimensions is looked at for these alone, so that ten
 * thousand scopes of a team each cost no more than one.
 */
function matcherOf({ sums, alone }: Batch): Match {
  if (alone !== null) return () => sums;
  const byDimensions = new Map<string, { dimensions: string[]; byValues: Map<string, Candidate[]> }>();
  for (const one of sums) {
    const { filter } = one.scope;
    const candidate = { sums: one, matches: filter === null ? () => true : filterMatcher(filter) };
    const anchors = filter === null ? [] : anchorsOf(filter);
    const dimensions = anchors.map(({ dimension }) => dimension);
    const index = byDimensions.get(dimensions.join(" ")) ?? { dimensions, byValues: new Map<string, Candidate[]>() };
    byDimensions.set(dimensions.join(" "), index);
    for (const values of combinationsOf(anchors)) {
      const found = index.byValues.get(values);
      if (found === undefined) index.byValues.set(values, [candidate]);
      else found.push(candidate);
    }
  }
  return (key) =>
    [...byDimensions.values()]
      .flatMap(
        ({ dimensions, byValues }) => byValues.get(JSON.stringify(dimensions.map((name) => key[name] ?? null))) ?? [],
      )
      .filter(({ matches }) => matches(key))
      .map((candidate) => candidate.sums);
}

interface Candidate {
  sums: DaySums;
  matches: (key: GroupKey) => boolean;
}

/** Values of a dimension without which a filter lets nothing through. */
interface Anchor {
  dimension: string;
  values: readonly (string | null)[];
}

const combinationsMax = 64;

/** By dimension, each once; those that would make too many combinations are left to the filter. */
function anchorsOf(filter: CostFilter): Anchor[] {
  const found = new Map<string, Anchor>();
  let combinations = 1;
  for (const anchor of allAnchors(filter)) {
    const more = anchor.values.length;
    // A first one of any length is better than none.
    if (found.has(anchor.dimension) || (found.size > 0 && combinations * more > combinationsMax)) continue;
    found.set(anchor.dimension, anchor);
    combinations *= more;
  }
  return [...found.values()].toSorted((a, b) => (a.dimension < b.dimension ? -1 : 1));
}

function allAnchors(filter: CostFilter): Anchor[] {
  if ("and" in filter) return filter.and.flatMap(allAnchors);
  if ("or" in filter || "not" in filter) return [];
  const values = filter.is !== undefined ? [filter.is] : filter.in;
  return values === undefined ? [] : [{ dimension: dimensionsOf(filter)[0]!.name, values: [...new Set(values)] }];
}

/** Each way to take one value of every anchor. */
function combinationsOf(anchors: readonly Anchor[]): string[] {
  const combinations = anchors.reduce<(string | null)[][]>(
    (before, { values }) => before.flatMap((one) => values.map((value) => [...one, value])),
    [[]],
  );
  return combinations.map((one) => JSON.stringify(one));
}
