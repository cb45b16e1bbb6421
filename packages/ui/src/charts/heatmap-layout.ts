import { addDays, type Day, type Period } from "@finops/kernel/period";
import { scaleLinear } from "d3";
import { toNumber } from "./series.ts";

/** One square of a heatmap. `value` null: nothing is known of it. */
export interface HeatCell {
  id: string;
  row: number;
  column: number;
  /** What it says in words: "21 Nov 2026" or "Amazon EC2, 21 Nov 2026". */
  label: string;
  value: string | null;
}

export interface HeatGrid {
  cells: readonly HeatCell[];
  rows: readonly string[];
  /** Names above the columns; an empty one is not printed. */
  columns: readonly string[];
}

/** A calendar: weeks from left to right, Monday on top. Days outside the period have no square. */
export function calendarGrid(
  period: Period,
  valueOf: (day: Day) => string | null,
  formatDay: (day: Day) => string,
  formatMonth: (day: Day) => string,
): HeatGrid {
  const cells: HeatCell[] = [];
  const columns: string[] = [];
  const offset = weekday(period.start);
  let index = 0;
  for (let day = period.start; day < period.end; day = addDays(day, 1), index++) {
    const column = Math.floor((index + offset) / 7);
    const row = (index + offset) % 7;
    const isNewMonth = day.endsWith("-01") || index === 0;
    columns[column] ??= "";
    // A month's name needs the room of three weeks; the ragged first one gives way to the next.
    if (isNewMonth) {
      if (columns.slice(Math.max(0, column - 2), column).some((name) => name !== ""))
        columns.fill("", column - 2, column);
      columns[column] = formatMonth(day);
    }
    cells.push({ id: day, row, column, label: formatDay(day), value: valueOf(day) });
  }
  return { cells, columns, rows: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] };
}

/** A matrix: one line per entity, one column per day. */
export function matrixGrid(
  rows: readonly { id: string; label: string; values: readonly (string | null)[] }[],
  columns: readonly { id: string; label: string; full: string }[],
): HeatGrid {
  return {
    rows: rows.map((row) => row.label),
    columns: columns.map((column) => column.label),
    cells: rows.flatMap((row, rowIndex) =>
      columns.map((column, index) => ({
        id: `${row.id} ${column.id}`,
        row: rowIndex,
        column: index,
        label: `${row.label}, ${column.full}`,
        value: row.values[index] ?? null,
      })),
    ),
  };
}

/**
 * How strong each square is, 0 to 1, by amount. The scale ends at the 98th percentile, so that one mad day does not make
 * all others look the same. Negative squares have a scale of their own.
 */
export function strengths(cells: readonly HeatCell[]): (value: string | null) => number {
  const sizes = cells
    .map((cell) => Math.abs(toNumber(cell.value)))
    .filter((size) => size > 0)
    .toSorted((a, b) => a - b);
  const top = sizes[Math.min(sizes.length - 1, Math.ceil(sizes.length * 0.98) - 1)] ?? 1;
  const scale = scaleLinear().domain([0, top]).range([0.06, 1]).clamp(true);
  return (value) => (toNumber(value) === 0 ? 0 : scale(Math.abs(toNumber(value))));
}

function weekday(day: Day): number {
  return (Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000) + 3) % 7;
}
