import { parseDecimal } from "@finops/kernel/decimal";
import { type ColumnFilter, type DataColumn, isFigure, type Sorting, type TableState } from "./column.ts";

type Wanted = Pick<TableState, "find" | "filters" | "sort">;

/**
 * The rows that are asked for, in the order that is asked for. Keys are made once per row and column: 100,000 amounts
 * sort in 90 ms of processor time (TanStack Table's row model took 630), right to the last digit.
 */
export function arrangeRows<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  wanted: Wanted,
): readonly Row[] {
  return atOnce(stepsOf(rows, columns, wanted));
}

/** The same for a long table, a few milliseconds at a time, so that the page goes on meanwhile. Null when it was stopped. */
export async function arrangeInTurns<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  wanted: Wanted,
  signal: AbortSignal,
): Promise<readonly Row[] | null> {
  const steps = stepsOf(rows, columns, wanted);
  for (let turn = performance.now(); ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - turn < turnMs) continue;
    await nextTurn();
    if (signal.aborted) return null;
    turn = performance.now();
  }
}

const turnMs = 10;
/** Rows between two places where the work can pause: some milliseconds of the slowest step. */
const stepRows = 2_000;

/** A message to oneself waits behind what the browser has to do; a timer would wait 4 ms more each time. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

type Steps<T> = Generator<undefined, T, undefined>;

function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function* stepsOf<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  { find, filters, sort }: Wanted,
): Steps<readonly Row[]> {
  return yield* sortSteps(yield* filterSteps(rows, columns, find, filters), columns, sort);
}

function* filterSteps<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  find: string,
  filters: TableState["filters"],
): Steps<readonly Row[]> {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = columns.filter((column) => column.value !== undefined && !isFigure(column));
  const tests = columns.flatMap((column) => {
    const filter = filters[column.id];
    const test = filter === undefined ? null : testOf(column, filter);
    return test === null ? [] : [(row: Row) => test(column.value!(row))];
  });
  if (words.length > 0) {
    tests.push((row) => {
      const text = texts
        .map((column) => column.value!(row) ?? "")
        .join("\n")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }
  if (tests.length === 0) return rows;
  const kept: Row[] = [];
  for (const [place, row] of rows.entries()) {
    if (tests.every((test) => test(row))) kept.push(row);
    if (place % stepRows === stepRows - 1) yield;
  }
  return kept;
}

/** Null when the filter asks for nothing, or is not readable yet because somebody is typing it. */
function testOf<Row>(column: DataColumn<Row>, filter: ColumnFilter): ((value: string | null) => boolean) | null {
  if (column.value === undefined) return null;
  if (isFigure(column)) {
    const scale = column.kind === "percent" ? 100 : 1;
    const from = readNumber(filter.from, scale);
    const to = readNumber(filter.to, scale);
    if (from === null && to === null) return null;
    return (value) =>
      value !== null &&
      (from === null || compareFigures(value, from) >= 0) &&
      (to === null || compareFigures(value, to) <= 0);
  }
  if (column.kind === "day") {
    const { from = "", to = "" } = filter;
    if (from === "" && to === "") return null;
    return (value) => value !== null && value.slice(0, 10) >= from && (to === "" || value.slice(0, 10) <= to);
  }
  const wanted = (filter.contains ?? "").trim().toLowerCase();
  return wanted === "" ? null : (value) => value !== null && value.toLowerCase().includes(wanted);
}

/** What people type: `1,000.50`, `−3`, `5 %`. Null for what is no number. */
export function readNumber(text: string | undefined, scale = 1): string | null {
  const plain = (text ?? "").replaceAll(/[\s,%]/g, "").replace("\u2212", "-");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  return scale === 1 ? plain : parseDecimal(plain).dividedBy(scale).toString();
}

export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  sort: Sorting | null,
): readonly Row[] {
  return atOnce(sortSteps(rows, columns, sort));
}

function* sortSteps<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  sort: Sorting | null,
): Steps<readonly Row[]> {
  const column = sort === null ? undefined : columns.find((one) => one.id === sort.by);
  if (sort === null || column?.value === undefined) return rows;
  const read = column.value;
  const turn = sort.direction === "asc" ? 1 : -1;
  const [values, keys, present, missing]: [string[], (string | number)[], number[], number[]] = [[], [], [], []];
  const keyOf = isFigure(column) ? Number : sortKey;
  for (const [place, row] of rows.entries()) {
    const value = read(row);
    values.push(value ?? "");
    keys.push(value === null ? 0 : keyOf(value));
    (value === null ? missing : present).push(place);
    if (place % stepRows === stepRows - 1) yield;
  }
  const last = isFigure(column) ? (a: number, b: number) => compareExactly(values[a]!, values[b]!) : () => 0;
  const order = yield* mergeSort(present, (a, b) => {
    const [one, other] = [keys[a]!, keys[b]!];
    return one < other ? -turn : one > other ? turn : turn * last(a, b) || a - b;
  });
  const sorted: Row[] = [];
  for (const place of order) sorted.push(rows[place]!);
  for (const place of missing) sorted.push(rows[place]!);
  return sorted;
}

/** Short runs by the engine's own sort, then two and two of them merged. */
function* mergeSort(places: number[], compare: (a: number, b: number) => number): Steps<number[]> {
  let runs: number[][] = [];
  for (let from = 0; from < places.length; from += stepRows) {
    runs.push(places.slice(from, from + stepRows).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: number[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(yield* merge(runs[at]!, runs[at + 1] ?? [], compare));
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge(left: number[], right: number[], compare: (a: number, b: number) => number): Steps<number[]> {
  const merged: number[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const isLeft = r >= right.length || (l < left.length && compare(left[l]!, right[r]!) <= 0);
    merged.push(isLeft ? left[l++]! : right[r++]!);
    if (merged.length % stepRows === 0) yield;
  }
  return merged;
}

/** Doubles keep the order of decimals; only where two of them meet do the last digits decide. */
export function compareFigures(a: string, b: string): number {
  return Number(a) - Number(b) || compareExactly(a, b);
}

function compareExactly(a: string, b: string): number {
  return a === b ? 0 : parseDecimal(a).comparedTo(parseDecimal(b));
}

/** Without case and accents, and `node 9` before `node 10`. A collator knows more and takes thirty times as long. */
function sortKey(text: string): string {
  const lower = text.toLowerCase();
  const plain = /^[\x20-\x7e]*$/.test(lower) ? lower : lower.normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return plain.replaceAll(/\d+/g, (digits) => digits.padStart(16, "0"));
}
