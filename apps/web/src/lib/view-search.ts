import {
  ChartKind,
  type CostView,
  defaultView,
  formatFilterText,
  levelsMax,
  measuresMax,
  parseFilterText,
  repairView,
  ViewSort,
} from "@finops/capabilities/views/contract";
import { addDays, type Period } from "@finops/kernel/period";
import { presetIds } from "@finops/ui/period/presets";
import * as z from "zod";

/**
 * A view of costs in the URL: one word for each choice that differs from the default, so that an address says what it shows
 * and any page can link to the explorer. `v` is last: whatever cuts an address short, or eats its last bracket, hits that.
 */
const fields = {
  /** Saved view that was opened. Alone, it shows what is saved; with other words, those hold. */
  saved: text(60),
  measures: text(400),
  by: text(700),
  /** A filter as people type it: `serviceName = 'Amazon EC2' and tag:team in (web, null)`. */
  where: text(60_000),
  /** A preset, or `2026-11-01..2026-11-21`, both days in it. */
  period: text(60),
  against: text(60),
  basis: text(20),
  grain: text(20),
  asOf: text(20),
  chart: text(20),
  /** `8`; with a comma and `only`, the others are left out. */
  top: text(20),
  currency: text(20),
  running: text(10),
  share: text(10),
  /** `-value`, `name`, `-change,effectiveCost`: down with a minus. */
  sort: text(80),
  view: text(20),
  columns: text(20_000),
  order: text(310),
  v: text(10),
};
type Key = keyof typeof fields;
/** What may be a number, or a column with a number as its name: those stay numbers, or the router would put them in quotes. */
const numeric = ["v", "top", "columns", "order"] as const;
export type ViewSearch = { [Name in Key]?: Name extends (typeof numeric)[number] ? string | number : string };

/** Takes from an address what can be text; the rest is left out. */
export function readViewSearch(search: Record<string, unknown>): ViewSearch {
  const read = Object.entries(fields).flatMap(([name, field]) => {
    const value = field.parse(search[name]);
    if (value === undefined) return [];
    const isNumber = numeric.some((one) => one === name) && /^(0|[1-9]\d{0,3})$/.test(value);
    return [[name, isNumber ? Number(value) : value] as const];
  });
  return Object.fromEntries(read) as ViewSearch;
}

/** True when the address says something about the view itself, and not only which saved one it is. */
export function saysView(search: ViewSearch): boolean {
  return Object.keys(search).some((key) => key !== "saved");
}

export interface ReadView {
  view: CostView;
  /** What of the address could not be read, in the page's words: it must be told, since figures may be of more than was asked. */
  unread: string[];
}

/** The view that an address means. */
export function readView(search: ViewSearch): ReadView {
  const unread: string[] = [];
  const read = <T>(name: string, key: Key, parse: (text: string) => T | undefined): T | undefined => {
    const given = search[key];
    if (given === undefined) return undefined;
    const value = parse(String(given));
    if (value === undefined) unread.push(name);
    return value;
  };
  const sort = read("order of the table", "sort", parseSort);
  const top = read("number of groups in the chart", "top", parseTop);
  const given = {
    measures: read("measures", "measures", parseMeasures),
    groupBy: read("grouping", "by", (text) => parseList(text).slice(0, levelsMax)),
    filter: read("filter", "where", parseFilter),
    period: read("period", "period", parsePeriodWord),
    comparison: read("comparison", "against", parseAgainst),
    basis: read("basis", "basis", (text) => oneOf(text, ["charge", "billing"] as const)),
    grain: read("grain", "grain", (text) => oneOf(text, ["hour", "day", "week", "month", "quarter", "year"] as const)),
    asOf: read("day of the data", "asOf", (text) => (isDay(text) ? text : undefined)),
    chart: read("chart", "chart", (text) => oneOf(text, ChartKind.options)),
    top,
    currency: read("currency", "currency", (text) => text),
    runningTotal: search.running === undefined ? undefined : search.running === "yes",
    share: search.share === undefined ? undefined : search.share !== "no",
    sort,
    shows: read("table", "view", (text) => oneOf(text, ["groups", "rows"] as const)),
    rows: {
      ...(search.columns === undefined ? {} : { columns: parseList(String(search.columns)).slice(0, 120) }),
      ...(search.order === undefined ? {} : { orderBy: parseOrder(String(search.order)) }),
    },
  };
  return {
    view: repairView(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))),
    unread,
  };
}

/** The address of a view: what differs from the default, in a steady order. */
export function writeView(view: CostView): ViewSearch {
  const differs = (key: keyof CostView) => JSON.stringify(view[key]) !== JSON.stringify(defaultView[key]);
  const { sort, rows } = view;
  const search: { [Name in Key]?: ViewSearch[Name] | undefined } = {
    measures: differs("measures") ? view.measures.join(",") : undefined,
    by: differs("groupBy") ? writeList(view.groupBy) : undefined,
    where: view.filter === undefined ? undefined : formatFilterText(view.filter) || undefined,
    period: differs("period") ? ("preset" in view.period ? view.period.preset : writePeriod(view.period)) : undefined,
    against: differs("comparison")
      ? typeof view.comparison === "string"
        ? view.comparison
        : writePeriod(view.comparison)
      : undefined,
    basis: differs("basis") ? view.basis : undefined,
    grain: view.grain,
    asOf: view.asOf,
    chart: differs("chart") ? view.chart : undefined,
    top: differs("top") ? (view.top.other ? view.top.count : `${view.top.count},only`) : undefined,
    currency: view.currency,
    running: view.runningTotal ? "yes" : undefined,
    share: view.share ? undefined : "no",
    sort: differs("sort")
      ? `${sort.direction === "desc" ? "-" : ""}${sort.by}${sort.measure === undefined ? "" : `,${sort.measure}`}`
      : undefined,
    view: view.shows === "rows" ? "rows" : undefined,
    columns: rows.columns === undefined ? undefined : writeList(rows.columns),
    order: rows.orderBy === undefined ? undefined : `${rows.orderBy.direction === "desc" ? "-" : ""}${rows.orderBy.by}`,
    v: 1,
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as ViewSearch;
}

/** The same address as people can read it: what a query may hold bare (RFC 3986) is not escaped. */
export function readableSearch(search: string): string {
  return search.replaceAll(/%(?:2C|3A|2F|3D|28|29)/gi, decodeURIComponent);
}

function parseMeasures(text: string): CostView["measures"] | undefined {
  const known = parseList(text).flatMap((name) => {
    const [measure] = repairView({ measures: [name] }).measures;
    return measure === name ? [measure] : [];
  });
  const unique = [...new Set(known)].slice(0, measuresMax);
  return unique.length === 0 ? undefined : unique;
}

function parseFilter(text: string): CostView["filter"] | undefined {
  try {
    return parseFilterText(text);
  } catch {
    return undefined;
  }
}

function parsePeriodWord(text: string): CostView["period"] | undefined {
  const preset = oneOf(text, presetIds);
  return preset === undefined ? parseDays(text) : { preset };
}

function parseAgainst(text: string): CostView["comparison"] | undefined {
  return oneOf(text, ["before", "last-year", "none"] as const) ?? parseDays(text);
}

/** People name the last day that is in it; a period ends the day after. */
function parseDays(text: string): Period | undefined {
  const [first = "", last = "", ...more] = text.split("..");
  if (more.length > 0 || !isDay(first) || !isDay(last) || first > last) return undefined;
  return { start: first, end: addDays(last, 1) };
}

function writePeriod({ start, end }: Period): string {
  return `${start}..${addDays(end, -1)}`;
}

function parseTop(text: string): CostView["top"] | undefined {
  const [, count, only] = /^(\d{1,2})(,only)?$/.exec(text) ?? [];
  const number = Number(count);
  return number >= 1 && number <= 50 ? { count: number, other: only === undefined } : undefined;
}

function parseSort(text: string): CostView["sort"] | undefined {
  const [by, measure] = text.replace(/^-/, "").split(",");
  const read = ViewSort.safeParse({
    by,
    ...(measure === undefined ? {} : { measure }),
    direction: text.startsWith("-") ? "desc" : "asc",
  });
  return read.success ? read.data : undefined;
}

function parseOrder(text: string): CostView["rows"]["orderBy"] {
  return { by: text.replace(/^-/, ""), direction: text.startsWith("-") ? "desc" : "asc" };
}

/** Names with commas between; one that has a comma or a quote itself stands in quotes. */
function parseList(text: string): string[] {
  return [...text.matchAll(/'((?:[^']|'')*)'|([^,]+)/g)].flatMap(([, quoted, bare]) => {
    const name = (quoted?.replaceAll("''", "'") ?? bare ?? "").trim();
    return name === "" ? [] : [name];
  });
}

function writeList(names: readonly string[]): string {
  return names.map((name) => (/[,']|^\s|\s$/.test(name) ? `'${name.replaceAll("'", "''")}'` : name)).join(",");
}

function oneOf<T extends string>(text: string, options: readonly T[]): T | undefined {
  return options.find((option) => option === text);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && addDays(text, 0) === text;
}

function text(lengthMax: number) {
  // A router reads `12` and `true` as what they are in JSON.
  return z
    .union([z.string(), z.number(), z.boolean()])
    .transform(String)
    .pipe(z.string().max(lengthMax))
    .optional()
    .catch(undefined);
}
