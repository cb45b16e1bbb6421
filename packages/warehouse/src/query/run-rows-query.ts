import { focusColumns } from "@finops/focus/columns";
import { parsePeriod } from "@finops/kernel/period";
import { exactColumns } from "../tables/cost-columns.ts";
import { exactNames, exactValue } from "../tables/exact-decimal.ts";
import { type Dimension, getDimension } from "../model/dimensions.ts";
import { Arguments } from "./arguments.ts";
import type { CostFilter, CostRowsAnswer, CostRowsQuery } from "./cost-query.ts";
import type { CostAccess, CostStore, PinnedStore, ReadOptions, Statement, StoreRow } from "./cost-store.ts";
import { type Cursor, decodeCursor, encodeCursor } from "./cursor.ts";
import { mapInSlices } from "./map-in-slices.ts";
import { findOrderedPlaces, type RowOrder } from "./order-rows.ts";
import { type Branch, needsCombos, type Plan, planRows } from "./plan.ts";
import { columnSql, filterBranch, joinCombos } from "./render-branch.ts";

export type RowColumn =
  | { name: string; kind: "exact" | "instant"; column: string }
  | { name: string; kind: "dimension"; dimension: Dimension };

/** The charge rows behind a figure, in the order of period and row or of a column, page by page; every value as text. */
export async function runRowsQuery(
  store: CostStore,
  access: CostAccess,
  pinned: PinnedStore,
  query: CostRowsQuery,
  options: ReadOptions = {},
): Promise<CostRowsAnswer> {
  const plan = planRows(
    { ...query, period: parsePeriod(query.period.start, query.period.end), filter: query.filter },
    access,
    pinned,
  );
  const columns = query.columns === undefined ? allColumns : query.columns.map(rowColumn);
  const place: Cursor =
    query.cursor === undefined ? { position: pinned.position, offset: 0 } : decodeCursor(query.cursor, pinned.position);
  if (query.orderBy !== undefined) {
    const order = { column: rowColumn(query.orderBy.by), direction: query.orderBy.direction };
    return readInOrder(store, access, pinned, { plan, columns, order, limit: query.limit, place }, options);
  }
  const branches = plan.branches.filter(
    (branch) => place.billingPeriod === undefined || branch.generations[0].billingPeriod >= place.billingPeriod,
  );
  const rows: CostRowsAnswer["rows"] = [];
  let next: Cursor | null = null;
  let sql = "";
  for (const [index, branch] of branches.entries()) {
    const offset = index === 0 ? place.offset : 0;
    const wanted = query.limit - rows.length;
    // One row more than wanted tells whether there is another page.
    const statement = renderPage(branch, plan.filter, columns, { limit: wanted + 1, offset }, store);
    if (sql === "") sql = statement.sql;
    const found = await store.read(access.tenantId, branch.generations, statement, options);
    rows.push(...(await mapInSlices(found.slice(0, wanted), (row) => toRow(row, columns))));
    if (found.length <= wanted) continue;
    next = { position: pinned.position, offset: offset + wanted, billingPeriod: branch.generations[0].billingPeriod };
    break;
  }
  return {
    columns: columns.map((column) => column.name),
    rows,
    nextCursor: next === null ? null : encodeCursor(next),
    meta: { position: pinned.position, sql, isScoped: access.rowFilter !== undefined, fromCache: false },
  };
}

export const allColumns: readonly RowColumn[] = focusColumns.map((column) => rowColumn(column.id));

export function rowColumn(name: string): RowColumn {
  const plain = name.toLowerCase().replaceAll("_", "");
  const known = focusColumns.find((column) => column.id.toLowerCase() === plain);
  const exact = exactColumns.find((column) => column === known?.id);
  if (exact !== undefined) return { name: lowerFirst(exact), kind: "exact", column: exact };
  if (known?.type === "datetime") return { name: lowerFirst(known.id), kind: "instant", column: known.id };
  const dimension = getDimension(name);
  return { name: dimension.name, kind: "dimension", dimension };
}

interface OrderedPage {
  plan: Pick<Plan, "branches" | "filter">;
  columns: readonly RowColumn[];
  order: RowOrder;
  limit: number;
  /** The last row of the page before: its period, and as `offset` its number there. */
  place: Cursor;
}

/** The places of the page over all periods first, then the rows of each period that has some. */
async function readInOrder(
  store: CostStore,
  access: CostAccess,
  pinned: PinnedStore,
  { plan, columns, order, limit, place }: OrderedPage,
  options: ReadOptions,
): Promise<CostRowsAnswer> {
  const periods = plan.branches.map((branch) => branch.generations[0].billingPeriod);
  const after =
    place.billingPeriod === undefined
      ? null
      : { branch: periods.indexOf(place.billingPeriod), row: String(place.offset) };
  const { places, sql } = await findOrderedPlaces(store, access, plan, order, { after, count: limit + 1 }, options);
  const page = places.slice(0, limit);
  const found = new Map<string, Record<string, string | null>>();
  for (const [index, branch] of plan.branches.entries()) {
    const own = page.filter((one) => one.branch === index).map((one) => one.row);
    if (own.length === 0) continue;
    const statement = renderRows(branch, columns, store, (args) =>
      store.dialect.rowNumbers(args.bind(own.join(","), "text")),
    );
    for (const row of await store.read(access.tenantId, branch.generations, statement, options))
      found.set(`${index}/${row.r}`, toRow(row, columns));
  }
  const last = page.at(-1);
  return {
    columns: columns.map((column) => column.name),
    rows: page.map((one) => found.get(`${one.branch}/${one.row}`)!),
    nextCursor:
      places.length > limit
        ? encodeCursor({ position: pinned.position, offset: Number(last!.row), billingPeriod: periods[last!.branch]! })
        : null,
    meta: { position: pinned.position, sql, isScoped: access.rowFilter !== undefined, fromCache: false },
  };
}

/** The page's row numbers first, then those rows alone with all their columns. */
function renderPage(
  branch: Branch,
  filter: CostFilter | null,
  columns: readonly RowColumn[],
  page: { limit: number; offset: number },
  store: CostStore,
): Statement {
  const { dialect } = store;
  return renderRows(branch, columns, store, (args) => {
    const { where, needsJoin } = filterBranch(branch, filter, dialect, args);
    const facts = `${dialect.table(branch, "facts")} AS f`;
    const from = needsJoin ? joinCombos(facts, branch, dialect, args) : facts;
    return `(SELECT ${dialect.rowNumber} FROM ${from}${where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`} ORDER BY ${dialect.rowNumber} LIMIT ${args.bind(page.limit, "integer")} OFFSET ${args.bind(page.offset, "integer")})`;
  });
}

/** All columns of the rows whose numbers `chosen` gives, in the order of their numbers, which stand in `r`. */
function renderRows(
  branch: Branch,
  columns: readonly RowColumn[],
  store: CostStore,
  chosen: (args: Arguments) => string,
): Statement {
  const { dialect } = store;
  const args = new Arguments(dialect);
  const numbers = chosen(args);
  const selected = columns.flatMap((column, index) => selectColumn(column, index, branch, store, args));
  const joined = joinCombos(`${dialect.table(branch, "facts")} AS f`, branch, dialect, args);
  const within = dialect.within(branch, "f", (value, type) => args.bind(value, type));
  const condition = [...within, `${dialect.rowNumber} IN ${numbers}`].join(" AND ");
  return {
    sql: `SELECT ${[`${dialect.rowNumber} AS r`, ...selected].join(", ")} FROM ${joined} WHERE ${condition} ORDER BY ${dialect.rowNumber}`,
    args: args.values,
  };
}

function selectColumn(
  column: RowColumn,
  index: number,
  branch: Branch,
  { dialect }: CostStore,
  args: Arguments,
): string[] {
  if (column.kind === "dimension")
    return [
      `${columnSql(column.dimension, branch, dialect, args, needsCombos(column.dimension, "facts", dialect))} AS v${index}`,
    ];
  if (column.kind === "instant") return [`${dialect.instantText(`f."${column.column}"`)} AS v${index}`];
  const { main, lo, big } = exactNames(column.column);
  return [`f.${main} AS v${index}`, `f.${lo} AS v${index}_lo`, `f.${big} AS v${index}_big`];
}

function toRow(row: StoreRow, columns: readonly RowColumn[]): Record<string, string | null> {
  const valueOf = ({ kind }: RowColumn, index: number) => {
    const value = row[`v${index}`] ?? null;
    return kind === "exact"
      ? (exactValue(value, row[`v${index}_lo`] ?? null, row[`v${index}_big`] ?? null)?.toString() ?? null)
      : value;
  };
  return Object.fromEntries(columns.map((column, index) => [column.name, valueOf(column, index)]));
}

function lowerFirst(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}
