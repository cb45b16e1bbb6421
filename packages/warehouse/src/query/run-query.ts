import { AppError } from "@finops/kernel/app-error";
import { type Decimal, decimal, zero } from "@finops/kernel/decimal";
import { addDays, addMonths, daysIn, parsePeriod, type Period, previousPeriod, samePeriodLastYear } from "@finops/kernel/period";
import { type Measure, type MeasureId, measures, type PartValues } from "../model/measures.ts";
import { exactValue } from "../tables/exact-decimal.ts";
import type { CostAnswer, CostQuery, CostRow, Figure } from "./cost-query.ts";
import type { CostAccess, CostStore, PinnedStore, ReadOptions, StoreRow } from "./cost-store.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { type Plan, planQuery } from "./plan.ts";
import { type RenderOptions, renderQuery } from "./render-sql.ts";

const groupsMax = 100_000;

/**
 * Answers a cost query from the store as it was pinned. Figures are exact decimals as text; a figure that cannot be
 * computed is null with the reason. Throws `invalid` for names that do not exist and `limit` for more than 100,000 groups
 * where the order needs all of them.
 */
export async function runQuery(store: CostStore, access: CostAccess, pinned: PinnedStore, query: CostQuery, options: ReadOptions = {}): Promise<CostAnswer> {
  const started = performance.now();
  const offset = query.cursor === undefined ? 0 : decodeCursor(query.cursor, pinned.position).offset;
  const read = (period: Period, page: Page) => readGroups(store, access, pinned, { ...query, period }, page, options);
  const sortsInCode = needsAllGroups(query);
  const page: Page = sortsInCode ? { limit: groupsMax + 1, offset: 0 } : { limit: query.limit + 1, offset };
  const current = await read(query.period, page);
  if (sortsInCode && current.rows.length > groupsMax) throw new AppError("limit", `More than ${groupsMax.toLocaleString("en")} groups. Filter or group by fewer dimensions.`);

  const comparisonPeriod = comparisonPeriodOf(query);
  const comparison = comparisonPeriod === null ? null : await read(comparisonPeriod, { limit: groupsMax, offset: 0 });
  const joined = comparison === null ? current : joinComparison(current, comparison, query, comparisonPeriod!, offset === 0);
  const ordered = addRunningTotals(sortsInCode ? sortRows(joined.rows, query) : joined.rows, query);
  const hasMore = sortsInCode ? ordered.length > offset + query.limit : current.rows.length > query.limit;
  const shown = sortsInCode ? ordered.slice(offset, offset + query.limit) : hasMore ? ordered.slice(0, query.limit) : ordered;
  return {
    rows: addShares(shown, joined.totals, query),
    totals: joined.totals,
    nextCursor: hasMore ? encodeCursor({ position: pinned.position, offset: offset + query.limit }) : null,
    period: query.period,
    comparisonPeriod,
    meta: {
      tables: [...new Set(current.plan.branches.map((branch) => branch.table))],
      rowsRead: rowsRead(current) + (comparison === null ? 0 : rowsRead(comparison)),
      position: pinned.position,
      freshAt: pinned.freshAt,
      versions: [...new Set(current.plan.branches.flatMap((branch) => branch.generation.versionIds))],
      sql: current.sql,
      durationMs: Math.round((performance.now() - started) * 10) / 10,
    },
  };
}

function comparisonPeriodOf({ compare, period }: CostQuery): Period | null {
  if (compare === undefined) return null;
  if (compare === "previous-period") return previousPeriod(period);
  if (compare === "previous-year") return samePeriodLastYear(period);
  return parsePeriod(compare.start, compare.end);
}

interface Page {
  limit: number;
  offset: number;
}

interface Groups {
  plan: Plan;
  sql: string;
  rows: CostRow[];
  totals: CostAnswer["totals"];
}

async function readGroups(store: CostStore, access: CostAccess, pinned: PinnedStore, query: CostQuery, page: Page, options: ReadOptions): Promise<Groups> {
  const plan = planQuery({ ...query, grain: query.grain }, access, pinned);
  const render: RenderOptions = { ...page, top: query.top ?? null, order: needsAllGroups(query) ? null : orderOf(query, plan) };
  const statement = renderQuery(plan, render, store.dialect);
  if (statement.sql === "") return { plan, sql: "", rows: [], totals: [] };
  const generations = plan.branches.map((branch) => branch.generation);
  const found = await store.read(access.tenantId, generations, statement, options);
  const rows = found.filter((row) => row.kind === "row").map((row) => toRow(row, plan, query));
  const totals = found.filter((row) => row.kind === "total").map((row) => ({ currency: row.c ?? "", values: figuresOf(row, plan, query) }));
  return { plan, sql: statement.sql, rows, totals };
}

function toRow(row: StoreRow, plan: Plan, query: CostQuery): CostRow {
  const key = Object.fromEntries(plan.keys.map((dimension, index) => [dimension.name, row[`k${index}`] ?? null]));
  return { key, isOther: row.other === "true", time: row.t ?? null, currency: row.c ?? "", values: figuresOf(row, plan, query) };
}

function figuresOf(row: StoreRow, plan: Plan, query: CostQuery): Record<string, Figure> {
  return Object.fromEntries(
    query.measures.map((id) => {
      const result = measures[id].compute(partValues(row, plan, id));
      return [id, "missing" in result ? { value: null, missing: result.missing } : { value: result.toString() }];
    }),
  );
}

function partValues(row: StoreRow, plan: Plan, measure: MeasureId): PartValues {
  const indexOf = (part: string) => plan.parts.findIndex((planned) => planned.measure === measure && planned.part === part);
  return {
    decimal: (part) => {
      const name = `p${indexOf(part)}`;
      return `${name}_lo` in row ? exactValue(row[name] ?? null, row[`${name}_lo`] ?? null, row[`${name}_big`] ?? null) : row[name] == null ? null : decimal(row[name]!);
    },
    text: (part) => {
      const name = `p${indexOf(part)}`;
      return row[`${name}_min`] !== undefined && row[`${name}_min`] === row[`${name}_max`] ? row[`${name}_min`]! : null;
    },
  };
}

/** The first measure, or the one asked for, biggest first. A ratio has no sum to order by and is sorted in code. */
function orderOf(query: CostQuery, plan: Plan): RenderOptions["order"] {
  const by = query.orderBy?.by ?? query.measures[0]!;
  if (!(query.measures as string[]).includes(by)) return null;
  const measure = measures[by as MeasureId] as Measure;
  if (!measure.additive) return null;
  const terms = plan.parts.flatMap((part, index) => (part.measure === by ? [{ part: index, sign: part.part === "less" ? (-1 as const) : (1 as const) }] : []));
  return { terms, direction: query.orderBy?.direction ?? "desc" };
}

function needsAllGroups(query: CostQuery): boolean {
  const by = query.orderBy?.by;
  if (query.runningTotal) return true;
  return by !== undefined && (!(by in measures) || !measures[by as MeasureId].additive);
}

function sortRows(rows: readonly CostRow[], query: CostQuery): CostRow[] {
  const by = query.orderBy?.by ?? (query.grain === undefined ? query.measures[0]! : "time");
  const sign = (query.orderBy?.direction ?? (by === "time" ? "asc" : "desc")) === "asc" ? 1 : -1;
  const value = (row: CostRow): Decimal | string | null => {
    if (by === "time") return row.time;
    const figure = row.values[by];
    return figure === undefined ? (row.key[by] ?? null) : figure.value === null ? null : decimal(figure.value);
  };
  return rows.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (typeof x === "string" ? x.localeCompare(String(y)) : x.comparedTo(y as Decimal)) || JSON.stringify(a.key).localeCompare(JSON.stringify(b.key));
  });
}

/** Puts each group's figures of the comparison period beside its own; groups that are gone are added with no value now. */
function joinComparison(current: Groups, before: Groups, query: CostQuery, period: Period, addGone: boolean): Groups {
  const idOf = (row: CostRow, time: string | null) => JSON.stringify([row.key, row.isOther, time, row.currency]);
  const then = new Map(before.rows.map((row) => [idOf(row, row.time === null ? null : shiftTime(row.time, period, query.period)), row]));
  const none = Object.fromEntries(query.measures.map((id) => [id, { value: null, missing: "No cost in the comparison period." }]));
  const rows = current.rows.map((row) => {
    const match = then.get(idOf(row, row.time));
    then.delete(idOf(row, row.time));
    return { ...row, comparison: match?.values ?? none };
  });
  const gone = Object.fromEntries(query.measures.map((id) => [id, { value: null, missing: "No cost in this period." }]));
  const isWhole = current.rows.length <= query.limit && addGone;
  const goneRows = isWhole ? [...then.values()].map((row) => ({ ...row, time: row.time === null ? null : shiftTime(row.time, period, query.period), values: gone, comparison: row.values })) : [];
  const totalsThen = new Map(before.totals.map((total) => [total.currency, total.values]));
  return { ...current, rows: [...rows, ...goneRows], totals: current.totals.map((total) => ({ ...total, comparison: totalsThen.get(total.currency) ?? none })) };
}

/** The place in the current period that a bucket of the comparison period stands beside. */
function shiftTime(time: string, from: Period, to: Period): string {
  const day = time.slice(0, 10);
  // Months are not equally long: what starts with a month stands beside what starts with a month.
  if (from.start.endsWith("-01") && to.start.endsWith("-01")) {
    const months = (Number(to.start.slice(0, 4)) - Number(from.start.slice(0, 4))) * 12 + Number(to.start.slice(5, 7)) - Number(from.start.slice(5, 7));
    return addMonths(day, months) + time.slice(10);
  }
  return addDays(day, daysIn({ start: from.start, end: to.start })) + time.slice(10);
}

function addRunningTotals(rows: readonly CostRow[], query: CostQuery): CostRow[] {
  if (!query.runningTotal) return [...rows];
  const running = new Map<string, Decimal>();
  return rows.map((row) => {
    const totals = additive(query).map((id) => {
      const key = JSON.stringify([row.key, row.isOther, row.currency, id]);
      const total = (running.get(key) ?? zero).plus(decimal(row.values[id]?.value ?? "0"));
      running.set(key, total);
      return [id, { value: total.toString() }] as const;
    });
    return { ...row, runningTotal: Object.fromEntries(totals) };
  });
}

function addShares(rows: readonly CostRow[], totals: CostAnswer["totals"], query: CostQuery): CostRow[] {
  if (!query.share) return [...rows];
  const whole = new Map(totals.map((total) => [total.currency, total.values]));
  return rows.map((row) => ({ ...row, share: Object.fromEntries(additive(query).map((id) => [id, shareOf(row.values[id]!, whole.get(row.currency)?.[id])])) }));
}

function shareOf(figure: Figure, total: Figure | undefined): Figure {
  if (figure.value === null) return figure;
  if (total?.value == null || decimal(total.value).isZero()) return { value: null, missing: "The total is 0." };
  return { value: decimal(figure.value).dividedBy(decimal(total.value)).toDecimalPlaces(12).toString() };
}

function additive(query: CostQuery): MeasureId[] {
  return query.measures.filter((id) => measures[id].additive);
}

function rowsRead(groups: Groups): number {
  return groups.plan.branches.reduce((rows, branch) => rows + (branch.generation.manifest.tables[branch.table] ?? 0), 0);
}
