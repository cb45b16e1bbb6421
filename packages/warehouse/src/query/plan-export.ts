import { columnsOfVersion, type FocusColumnId, findFocusColumn } from "@finops/focus/columns";
import { AppError } from "@finops/kernel/app-error";
import { parsePeriod } from "@finops/kernel/period";
import { bookkeeping, exactColumns, lakeType } from "../tables/cost-columns.ts";
import { exactNames } from "../tables/exact-decimal.ts";
import { Arguments } from "./arguments.ts";
import type { CostRowsQuery } from "./cost-query.ts";
import type { CostAccess, CostDialect, PinnedGeneration, PinnedStore, Statement } from "./cost-store.ts";
import { type Branch, needsCombos, planRows } from "./plan.ts";
import { columnSql, filterBranch, joinCombos } from "./render-branch.ts";
import { allColumns, type RowColumn, rowColumn } from "./run-rows-query.ts";

/** A column of a file that costs are written to. */
export interface ExportColumn {
  name: string;
  /** For people, as the head of a sheet's column. */
  label: string;
  kind: "text" | "decimal" | "instant";
  /** True for decimals that all fit DECIMAL(38,26): below 10¹² and with at most 26 places. */
  isNarrow: boolean;
}

/** Everything that an engine needs to write charge rows: one statement over the periods' files, its columns `c0`, `c1`, … all text. */
export interface ExportPlan {
  columns: readonly ExportColumn[];
  generations: readonly PinnedGeneration[];
  /** Null when no period has charges in the days asked for. */
  statement: Statement | null;
}

interface PlannedColumn extends ExportColumn {
  sql(branch: Branch, args: Arguments): string;
}

/** Plans all charge rows of a query, within what the caller may see; in the order of the bills unless the query names one. */
export function planRowsExport(
  query: Omit<CostRowsQuery, "limit" | "cursor">,
  access: CostAccess,
  pinned: PinnedStore,
  dialect: CostDialect,
): ExportPlan {
  if (query.columns?.length === 0)
    throw new AppError("invalid", "columns: Name at least one column, or leave them out.");
  const wanted = query.columns === undefined ? allColumns : query.columns.map(rowColumn);
  const columns = new Map(wanted.map((column) => [column.name, plannedColumn(column, dialect, pinned)])).values();
  const order = query.orderBy === undefined ? undefined : { ...query.orderBy, column: rowColumn(query.orderBy.by) };
  return planColumns([...columns], query, order, access, pinned, dialect);
}

/**
 * Plans charge rows as FOCUS 1.2 with its 57 columns. ListCost and ContractedCost may not be empty there: where the bill does
 * not tell them, the next cost that is known stands in, and `x_ListCostUnknown` or `x_ContractedCostUnknown` says so.
 */
export function planFocusExport(
  query: Pick<CostRowsQuery, "period" | "basis" | "filter">,
  access: CostAccess,
  pinned: PinnedStore,
  dialect: CostDialect,
): ExportPlan {
  const standIns: Partial<Record<FocusColumnId, readonly FocusColumnId[]>> = {
    ListCost: ["ListCost", "ContractedCost", "EffectiveCost"],
    ContractedCost: ["ContractedCost", "EffectiveCost"],
  };
  const focus = columnsOfVersion("1.2").map(({ id }): PlannedColumn => {
    const column = plannedColumn(focusColumn(id), dialect, pinned);
    const names = standIns[id];
    if (names === undefined) return { ...column, name: id, label: id };
    return {
      ...column,
      name: id,
      label: id,
      isNarrow: names.every((name) => isNarrow(name, pinned)),
      sql: () => `coalesce(${names.map((name) => exactText(name, dialect)).join(", ")})`,
    };
  });
  const marks = (["ListCost", "ContractedCost"] as const).map((id): PlannedColumn => {
    const name = `x_${id}Unknown`;
    const sql = () => dialect.flagText(`f.${exactNames(id).main} IS NULL`);
    return { name, label: name, kind: "text", isNarrow: false, sql };
  });
  const extras: PlannedColumn = {
    name: "x_SourceColumns",
    label: "x_SourceColumns",
    kind: "text",
    isNarrow: false,
    sql: () => `f."${bookkeeping.extras}"`,
  };
  return planColumns([...focus, ...marks, extras], query, undefined, access, pinned, dialect);
}

function planColumns(
  columns: readonly PlannedColumn[],
  query: Pick<CostRowsQuery, "period" | "basis" | "filter">,
  order: { column: RowColumn; direction: "asc" | "desc" } | undefined,
  access: CostAccess,
  pinned: PinnedStore,
  dialect: CostDialect,
): ExportPlan {
  const period = parsePeriod(query.period.start, query.period.end);
  const { filter, branches } = planRows({ ...query, period, filter: query.filter }, access, pinned);
  const args = new Arguments(dialect);
  const isSorted = order !== undefined || !dialect.readsInOrder;
  const selects = branches.map((branch, place) => {
    const { where } = filterBranch(branch, filter, dialect, args);
    const selected = columns.map((column, index) => `${column.sql(branch, args)} AS c${index}`);
    if (order !== undefined) selected.push(`${orderSql(order.column, branch, dialect, args)} AS o`);
    else if (isSorted) selected.push(`${place} AS b`, `${dialect.rowNumber} AS r`);
    const from = joinCombos(`${dialect.table(branch, "facts")} AS f`, branch, dialect, args);
    return `SELECT ${selected.join(", ")} FROM ${from}${where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`}`;
  });
  const union = selects.join("\nUNION ALL ");
  const names = columns.map((_, index) => `c${index}`).join(", ");
  const by = order === undefined ? "b, r" : `o ${order.direction} NULLS LAST, ${names}`;
  const sql = isSorted ? `SELECT ${names} FROM (${union}) ORDER BY ${by}` : union;
  return {
    columns: columns.map(({ name, label, kind, isNarrow: narrow }) => ({ name, label, kind, isNarrow: narrow })),
    generations: branches.map((branch) => branch.generations[0]),
    statement: branches.length === 0 ? null : { sql, args: args.values },
  };
}

function plannedColumn(column: RowColumn, dialect: CostDialect, pinned: PinnedStore): PlannedColumn {
  const { name } = column;
  if (column.kind !== "dimension") {
    const isExact = column.kind === "exact";
    return {
      name,
      label: labelOf(name),
      kind: isExact ? "decimal" : "instant",
      isNarrow: isExact && isNarrow(column.column, pinned),
      sql: () => (isExact ? exactText(column.column, dialect) : dialect.instantText(`f."${column.column}"`)),
    };
  }
  const { dimension } = column;
  const isDecimal = dimension.source === "column" && findFocusColumn(dimension.column)?.type === "decimal";
  return {
    name,
    label: dimension.label,
    kind: isDecimal ? "decimal" : "text",
    isNarrow: false,
    sql: (branch, args) => columnSql(dimension, branch, dialect, args, needsCombos(dimension, "facts", dialect)),
  };
}

/** By the column of FOCUS itself, where a dimension of the same name calculates something else. */
function focusColumn(id: FocusColumnId): RowColumn {
  if (lakeType(id) !== "VARCHAR") return rowColumn(id);
  const name = id[0]!.toLowerCase() + id.slice(1);
  return { name, kind: "dimension", dimension: { name, label: id, source: "column", column: id } };
}

function orderSql(column: RowColumn, branch: Branch, dialect: CostDialect, args: Arguments): string {
  if (column.kind === "dimension")
    return columnSql(column.dimension, branch, dialect, args, needsCombos(column.dimension, "facts", dialect));
  if (column.kind === "instant") return `f."${column.column}"`;
  const { main, lo, big } = exactNames(column.column);
  return dialect.approximate(`f.${main}`, `f.${lo}`, `f.${big}`);
}

function exactText(column: string, dialect: CostDialect): string {
  const { main, lo, big } = exactNames(column);
  return dialect.decimalText(`f.${main}`, `f.${lo}`, `f.${big}`);
}

// A line that is not big is below 1e10, and no line has more than 26 places.
function isNarrow(column: string, pinned: PinnedStore): boolean {
  const isBig = pinned.generations.some(({ manifest }) => manifest.bigColumns.some((big) => big === column));
  return !isBig && exactColumns.some((exact) => exact === column);
}

function labelOf(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words[0]!.toUpperCase() + words.slice(1);
}
