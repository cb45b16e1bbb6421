import { focusColumns } from "@finops/focus/columns";
import { exactColumns } from "../tables/cost-columns.ts";
import { exactNames, exactValue } from "../tables/exact-decimal.ts";
import { type Dimension, fixedDimensions, getDimension, isFactColumn } from "../model/dimensions.ts";
import { Arguments } from "./arguments.ts";
import type { CostRowsAnswer, CostRowsQuery } from "./cost-query.ts";
import type { CostAccess, CostStore, PinnedStore, ReadOptions } from "./cost-store.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { type Branch, planQuery } from "./plan.ts";
import { renderFilter } from "./render-filter.ts";
import { columnSql } from "./render-sql.ts";

type RowColumn = { name: string; kind: "exact"; column: string } | { name: string; kind: "time"; column: string } | { name: string; kind: "dimension"; dimension: Dimension };

/** The charge rows behind a figure, in the order of period and row, page by page; every value as text. */
export async function runRowsQuery(store: CostStore, access: CostAccess, pinned: PinnedStore, query: CostRowsQuery, options: ReadOptions = {}): Promise<CostRowsAnswer> {
  const plan = planQuery({ measures: ["resourceCount"], groupBy: [], filter: query.filter, period: query.period, basis: query.basis }, access, pinned);
  const columns = query.columns === undefined ? allColumns : query.columns.map(rowColumn);
  let offset = query.cursor === undefined ? 0 : decodeCursor(query.cursor, pinned.position).offset;
  const start = offset;
  const rows: CostRowsAnswer["rows"] = [];
  let sql = "";
  for (const branch of plan.branches.toSorted((a, b) => a.generation.billingPeriod.localeCompare(b.generation.billingPeriod))) {
    const wanted = query.limit + 1 - rows.length;
    if (wanted <= 0) break;
    const page = await readBranch(store, access, branch, plan.filter, columns, { offset, limit: wanted }, options);
    sql = sql === "" ? page.sql : sql;
    rows.push(...page.rows);
    // What this period had before the page's place is skipped; the next period starts where it ended.
    if (page.rows.length > 0) offset = 0;
    else if (offset > 0) offset -= await countBranch(store, access, branch, plan.filter, options);
  }
  const hasMore = rows.length > query.limit;
  return {
    columns: columns.map((column) => column.name),
    rows: rows.slice(0, query.limit),
    nextCursor: hasMore ? encodeCursor({ position: pinned.position, offset: start + query.limit }) : null,
    meta: { position: pinned.position, sql },
  };
}

const allColumns: readonly RowColumn[] = focusColumns.map((column) => rowColumn(column.id));

function rowColumn(name: string): RowColumn {
  const exact = exactColumns.find((column) => column.toLowerCase() === name.toLowerCase());
  if (exact !== undefined) return { name: lowerFirst(exact), kind: "exact", column: exact };
  const time = focusColumns.find((column) => column.type === "datetime" && column.id.toLowerCase() === name.toLowerCase());
  if (time !== undefined && !fixedDimensions.some((dimension) => dimension.name === lowerFirst(time.id))) return { name: lowerFirst(time.id), kind: "time", column: time.id };
  const dimension = getDimension(name);
  return { name: dimension.name, kind: "dimension", dimension };
}

async function readBranch(store: CostStore, access: CostAccess, branch: Branch, filter: Parameters<typeof renderFilter>[0] | null, columns: readonly RowColumn[], page: { offset: number; limit: number }, options: ReadOptions): Promise<{ sql: string; rows: CostRowsAnswer["rows"] }> {
  const args = new Arguments(store.dialect);
  const selected = columns.flatMap((column, index) => selectColumn(column, index, branch, store, args));
  const from = fromSql(branch, filter, store, args);
  const sql = `SELECT ${selected.join(", ")} FROM ${from} ORDER BY f.rowid LIMIT ${args.bind(page.limit, "integer")} OFFSET ${args.bind(page.offset, "integer")}`;
  const found = await store.read(access.tenantId, [branch.generation], { sql, args: args.values }, options);
  const value = (row: Record<string, string | null>, column: RowColumn, index: number) => {
    if (column.kind !== "exact") return row[`v${index}`] ?? null;
    return exactValue(row[`v${index}`] ?? null, row[`v${index}_lo`] ?? null, row[`v${index}_big`] ?? null)?.toString() ?? null;
  };
  return { sql, rows: found.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, value(row, column, index)]))) };
}

async function countBranch(store: CostStore, access: CostAccess, branch: Branch, filter: Parameters<typeof renderFilter>[0] | null, options: ReadOptions): Promise<number> {
  const args = new Arguments(store.dialect);
  const sql = `SELECT count(*) AS n FROM ${fromSql(branch, filter, store, args)}`;
  const [row] = await store.read(access.tenantId, [branch.generation], { sql, args: args.values }, options);
  return Number(row!.n);
}

function fromSql(branch: Branch, filter: Parameters<typeof renderFilter>[0] | null, store: CostStore, args: Arguments): string {
  const where = branch.days === null ? [] : [`f."ChargePeriodStart" >= ${args.bind(branch.days.start, "day")}`, `f."ChargePeriodStart" < ${args.bind(branch.days.end, "day")}`];
  if (filter !== null) where.push(renderFilter(filter, (dimension) => rowColumnSql(dimension, branch, store, args), store.dialect, args));
  return `${store.dialect.table(branch.generation, "facts")} AS f JOIN ${store.dialect.table(branch.generation, "combos")} AS combos USING (combo_id)${where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`}`;
}

function selectColumn(column: RowColumn, index: number, branch: Branch, store: CostStore, args: Arguments): string[] {
  if (column.kind === "dimension") return [`${rowColumnSql(column.dimension, branch, store, args)} AS v${index}`];
  if (column.kind === "exact") {
    const { main, lo, big } = exactNames(column.column);
    return [`f.${main} AS v${index}`, `f.${lo} AS v${index}_lo`, `f.${big} AS v${index}_big`];
  }
  const instant = column.column === "BillingPeriodEnd" ? `CAST(f."BillingPeriodStart" + INTERVAL 1 MONTH AS TIMESTAMP)` : `f."${column.column}"`;
  return [`strftime(${instant}, '%Y-%m-%dT%H:%M:%SZ') AS v${index}`];
}

function rowColumnSql(dimension: Dimension, branch: Branch, store: CostStore, args: Arguments): string {
  const inFacts = dimension.source !== "column" || isFactColumn(dimension.column);
  return columnSql(dimension, branch, store.dialect, args, !inFacts);
}

function lowerFirst(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}
