import type { ReactNode } from "react";

/** Amounts are shown exact (to the currency's places) or compact (`$412.3k`); what is copied is always exact. */
export type FigureForm = "exact" | "compact";

export interface DataColumn<Row> {
  id: string;
  header: string;
  /** What the column means, behind its name. */
  about?: string;
  /** Decides alignment, order and the kind of filter. Default `text`. */
  kind?: "text" | "day" | "money" | "percent" | "count";
  /**
   * What it sorts and filters by and what is copied: text as it is, a figure as exact decimal text (a percentage as its
   * ratio, `0.061`). A column without it does neither. Null is a missing figure and always comes last.
   */
  value?: (row: Row) => string | null;
  /** How it is shown, where the value alone does not say it. Must not depend on anything but its arguments. */
  cell?: (row: Row, form: FigureForm) => ReactNode;
  /** Its cells remember something, such as a request that is under way: no other row may take them over. */
  hasState?: boolean;
  /** Of `money` without a `cell`. */
  currency?: string | ((row: Row) => string);
  /** What stands in the row of totals, which stays in sight. A function when it has a compact form. */
  total?: ReactNode | ((form: FigureForm) => ReactNode);
  /** Its menu offers the compact form. Default: true for money without a `cell`. */
  hasCompact?: boolean;
  /** Left out where there is no room, such as on a phone. */
  isMinor?: boolean;
  /** Not shown until somebody chooses it. */
  isHidden?: boolean;
  /** In pixels. Without it the first column takes what is left and the others have the width of their kind. */
  width?: number;
}

export interface Sorting {
  by: string;
  direction: "asc" | "desc";
}

/** Of text: what it contains. Of figures and days: a range, both ends in it, as typed (percentages as `5` for 5 %). */
export interface ColumnFilter {
  contains?: string;
  from?: string;
  to?: string;
}

/** How somebody looks at a table. Plain data, so that a page can keep it, or a part of it, in its URL. */
export interface TableState {
  /** Null: in the order of the rows given. */
  sort: Sorting | null;
  /** What the box above the table asks for, in any text column. */
  find: string;
  filters: Readonly<Record<string, ColumnFilter>>;
  hidden: readonly string[];
  /** Ids from left to right; what is not named keeps its place behind them. */
  order: readonly string[];
  /** Columns in compact form. */
  compact: readonly string[];
}

export type ExportFormat = "csv" | "xlsx" | "parquet" | "focus" | "pdf";

export function isFigure(column: Pick<DataColumn<never>, "kind">): boolean {
  return column.kind === "money" || column.kind === "percent" || column.kind === "count";
}

export function hasCompact(column: Pick<DataColumn<never>, "kind" | "cell" | "hasCompact">): boolean {
  return column.hasCompact ?? (column.kind === "money" && column.cell === undefined);
}

const widths = { text: 168, day: 112, money: 136, percent: 96, count: 104 };
const firstWidth = 220;

/** Widths are given and not found out, so that nothing moves while rows come and go. Null takes what is left. */
export function widthOf(column: Pick<DataColumn<never>, "kind" | "width">, index: number): number | null {
  return column.width ?? (index === 0 ? null : widths[column.kind ?? "text"]);
}

export function leastWidth(columns: readonly Pick<DataColumn<never>, "kind" | "width">[]): number {
  return columns.reduce((sum, column, index) => sum + (widthOf(column, index) ?? firstWidth), 0);
}

/** The columns to show, in the reader's order. The first one is pinned: it neither moves nor goes. */
export function shownColumns<Row>(
  columns: readonly DataColumn<Row>[],
  { hidden, order }: Pick<TableState, "hidden" | "order">,
  hasRoom = true,
): DataColumn<Row>[] {
  const [first, ...rest] = columns;
  if (first === undefined) return [];
  return [
    first,
    ...orderColumns(rest, order).filter(
      (column) => !hidden.includes(column.id) && (hasRoom || column.isMinor !== true),
    ),
  ];
}

export function orderColumns<Row>(columns: readonly DataColumn<Row>[], order: readonly string[]): DataColumn<Row>[] {
  const place = new Map(order.map((id, index) => [id, index]));
  return columns.toSorted((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || 0);
}

/** Moves a column past its neighbour in sight. */
export function moveColumn<Row>(
  columns: readonly DataColumn<Row>[],
  state: Pick<TableState, "hidden" | "order">,
  id: string,
  step: -1 | 1,
): string[] {
  const all = orderColumns(columns.slice(1), state.order).map((column) => column.id);
  const shown = all.filter((one) => !state.hidden.includes(one));
  const neighbour = shown[shown.indexOf(id) + step];
  if (neighbour === undefined) return all;
  const others = all.filter((one) => one !== id);
  others.splice(others.indexOf(neighbour) + (step > 0 ? 1 : 0), 0, id);
  return others;
}
