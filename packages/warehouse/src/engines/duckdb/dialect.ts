import type { CostDialect } from "../../query/cost-store.ts";
import { generationAlias } from "./generation-alias.ts";
import { jsonPointer } from "./sql-text.ts";

export const duckdbDialect: CostDialect = {
  table: (generation, table) => `${generationAlias(generation.id)}.${table}`,
  parameter: (index, type) =>
    type === "day" ? `CAST($${index} AS DATE)` : type === "integer" ? `CAST($${index} AS BIGINT)` : `$${index}`,
  bucket: (part, day) => (part === "day" ? day : `CAST(date_trunc('${part}', ${day}) AS DATE)`),
  hour: (timestamp) => `strftime(date_trunc('hour', ${timestamp}), '%Y-%m-%dT%H:00:00Z')`,
  instantText: (timestamp) => `strftime(${timestamp}, '%Y-%m-%dT%H:%M:%SZ')`,
  dayOf: (timestamp) => `CAST(${timestamp} AS DATE)`,
  tag: (map, key) => `${map}[${key}]`,
  tagKeys: (map) => `map_keys(${map})`,
  unnest: (list) => `unnest(${list})`,
  jsonText: (json, key) => `json_extract_string(${json}, ${jsonPointer(key)})`,
  billFile: (generation) =>
    `(SELECT version_id FROM ${generationAlias(generation.id)}.versions WHERE versions.version = f.version) || '/' || f.x_finops_file`,
  rowNumber: "f.rowid",
  contains: (text, part) => `contains(lower(${text}), lower(${part}))`,
  startsWith: (text, part) => `starts_with(lower(${text}), lower(${part}))`,
  sumIf: (value, condition) => (condition === null ? `sum(${value})` : `sum(CASE WHEN ${condition} THEN ${value} END)`),
  countIf: (condition) => (condition === null ? "count(*)" : `count(CASE WHEN ${condition} THEN 1 END)`),
  approximate: (main, lo, big) =>
    `(CAST(${main} AS DOUBLE) + CAST(coalesce(${lo}, 0) AS DOUBLE) * 1e-26 + CAST(coalesce(${big}, 0) AS DOUBLE))`,
  distinctList: (value, condition) => `list(DISTINCT CASE WHEN ${condition ?? "true"} THEN ${value} END)`,
  joinLists: (lists) => `flatten(list(${lists}))`,
  countDistinctIn: (list) => `len(list_filter(list_distinct(${list}), lambda value: value IS NOT NULL))`,
  asText: (sql) => `CAST(${sql} AS VARCHAR)`,
};
