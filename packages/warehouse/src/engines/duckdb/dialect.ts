import type { CostDialect } from "../../query/cost-store.ts";
import { generationAlias } from "./generation-alias.ts";
import { jsonPointer } from "./sql-text.ts";

const parameterTypes = {
  day: "DATE",
  instant: "TIMESTAMP",
  integer: "BIGINT",
  money: "DECIMAL(18,8)",
  decimal: "DECIMAL(38,8)",
};

export const duckdbDialect: CostDialect = {
  table: ({ generations: [generation] }, table) => `${generationAlias(generation.id)}.${table}`,
  within: () => [],
  sharedPeriod: null,
  factsCarry: [],
  comboKey: ["combo_id"],
  readsInOrder: true,
  parameter: (index, type) => (type === "text" ? `$${index}` : `CAST($${index} AS ${parameterTypes[type]})`),
  bucket: (part, day) => (part === "day" ? day : `CAST(date_trunc('${part}', ${day}) AS DATE)`),
  hour: (timestamp) => `date_trunc('hour', ${timestamp})`,
  hourText: (hour) => `strftime(${hour}, '%Y-%m-%dT%H:00:00Z')`,
  instantText: (timestamp) => `strftime(${timestamp}, '%Y-%m-%dT%H:%M:%SZ')`,
  dayOf: (timestamp) => `CAST(${timestamp} AS DATE)`,
  tag: (map, key) => `${map}[${key}]`,
  tagKeys: (map) => `map_keys(${map})`,
  unnest: (list) => `unnest(${list})`,
  jsonText: (json, key) => `json_extract_string(${json}, ${jsonPointer(key)})`,
  billFile: ({ generations: [generation] }) =>
    `(SELECT version_id FROM ${generationAlias(generation.id)}.versions WHERE versions.version = f.version) || '/' || f.x_finops_file`,
  rowNumber: "f.rowid",
  rowNumbers: (text) => `(SELECT CAST(unnest(string_split(${text}, ',')) AS BIGINT))`,
  contains: (text, part) => `contains(lower(${text}), lower(${part}))`,
  startsWith: (text, part) => `starts_with(lower(${text}), lower(${part}))`,
  sum: (value, _, condition) =>
    condition === null ? `sum(${value})` : `sum(CASE WHEN ${condition} THEN ${value} END)`,
  countIf: (condition) => (condition === null ? "count(*)" : `count(CASE WHEN ${condition} THEN 1 END)`),
  approximate: (main, lo, big) =>
    `(CAST(${main} AS DOUBLE) + CAST(coalesce(${lo}, 0) AS DOUBLE) * 1e-26 + CAST(coalesce(${big}, 0) AS DOUBLE))`,
  decimalText,
  distinctList: (value, condition) => `list(DISTINCT CASE WHEN ${condition ?? "true"} THEN ${value} END)`,
  joinLists: (lists) => `flatten(list(${lists}))`,
  countDistinctIn: (list) => `len(list_filter(list_distinct(${list}), lambda value: value IS NOT NULL))`,
  asText: (sql) => `CAST(${sql} AS VARCHAR)`,
  flagText: (condition) => `CAST(${condition} AS VARCHAR)`,
};

/**
 * What is beyond 8 places is written behind them, since one decimal holds no more than 38 digits: where its sign is the other
 * one, a unit of the eighth place is borrowed.
 */
function decimalText(main: string, lo: string, big: string): string {
  const whole = `(CAST(${main} AS DECIMAL(38,8)) + ${big})`;
  const trimmed = (text: string) => `rtrim(rtrim(${text}, '0'), '.')`;
  const borrows = `((${whole} > 0 AND ${lo} < 0) OR (${whole} < 0 AND ${lo} > 0))`;
  const sign = `CASE WHEN ${whole} < 0 OR (${whole} = 0 AND ${lo} < 0) THEN '-' ELSE '' END`;
  const eight = `CAST(abs(${whole}) - CASE WHEN ${borrows} THEN 0.00000001 ELSE 0.00000000 END AS VARCHAR)`;
  const rest = `lpad(CAST(CASE WHEN ${borrows} THEN 1000000000000000000 - abs(${lo}) ELSE abs(${lo}) END AS VARCHAR), 18, '0')`;
  return `CASE WHEN ${main} IS NULL THEN NULL WHEN ${lo} = 0 THEN ${trimmed(`CAST(${whole} AS VARCHAR)`)} ELSE ${sign} || ${trimmed(`${eight} || ${rest}`)} END`;
}
