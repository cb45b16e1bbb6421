import type { CostDialect, PeriodRows } from "../../query/cost-store.ts";
import { hotColumns } from "../../tables/cost-columns.ts";
import { markOf } from "./period-mark.ts";

const parameterTypes = {
  text: "String",
  day: "Date32",
  instant: "DateTime64(6, 'UTC')",
  integer: "Int64",
  money: "Decimal(18, 8)",
  decimal: "Decimal(38, 8)",
};

const buckets = {
  day: (day: string) => day,
  week: (day: string) => `toMonday(${day})`,
  month: (day: string) => `toStartOfMonth(${day})`,
  quarter: (day: string) => `toStartOfQuarter(${day})`,
  year: (day: string) => `toStartOfYear(${day})`,
};

/** @param database where the tables are */
export function clickHouseDialect(database: string): CostDialect {
  return {
    table: (_, table) => `${database}.${table}`,
    within,
    sharedPeriod: (alias) => `toString(${alias}.billing_period)`,
    factsCarry: hotColumns,
    comboKey: ["generation", "combo_id"],
    readsInOrder: false,
    parameter: (index, type) => `{p${index}:${parameterTypes[type]}}`,
    bucket: (part, day) => buckets[part](day),
    // `toStartOfHour` would end in 2106.
    hour: (timestamp) =>
      `(toUnixTimestamp64Micro(${timestamp}) - positiveModulo(toUnixTimestamp64Micro(${timestamp}), 3600000000))`,
    hourText: (hour) => `formatDateTime(fromUnixTimestamp64Micro(${hour}, 'UTC'), '%Y-%m-%dT%H:00:00Z', 'UTC')`,
    instantText: (timestamp) => `formatDateTime(${timestamp}, '%Y-%m-%dT%H:%i:%SZ', 'UTC')`,
    dayOf: (timestamp) => `toDate32(${timestamp})`,
    tag: (map, key) => `${map}[${key}]`,
    tagKeys: (map) => `mapKeys(${map})`,
    unnest: (list) => `arrayJoin(${list})`,
    jsonText: (json, key) => `JSONExtract(${json}, ${key}, 'Nullable(String)')`,
    billFile: () => `concat(f.version_id, '/', toString(f.x_finops_file))`,
    rowNumber: "f.row_number",
    rowNumbers: (text) => `(SELECT toUInt64(arrayJoin(splitByChar(',', ${text}))))`,
    contains: (text, part) => `position(lowerUTF8(${text}), lowerUTF8(${part})) > 0`,
    startsWith: (text, part) => `startsWith(lowerUTF8(${text}), lowerUTF8(${part}))`,
    sum: (value, part, condition) => {
      // A sum of 64 bits would wrap around without a word.
      const wide = part === "lo" ? `toInt128(${value})` : value;
      return condition === null ? `sum(${wide})` : `sum(CASE WHEN ${condition} THEN ${wide} END)`;
    },
    countIf: (condition) => (condition === null ? "count(*)" : `count(CASE WHEN ${condition} THEN 1 END)`),
    approximate: (main, lo, big) =>
      `(toFloat64(${main}) + toFloat64(coalesce(${lo}, 0)) * 1e-26 + toFloat64(coalesce(${big}, 0)))`,
    decimalText,
    distinctList: (value, condition) => `groupUniqArray(CASE WHEN ${condition ?? "true"} THEN ${value} END)`,
    joinLists: (lists) => `groupUniqArrayArray(${lists})`,
    countDistinctIn: (list) => `length(${list})`,
    asText: (sql) => `CAST(${sql} AS VARCHAR)`,
    flagText: (condition) => `CASE WHEN ${condition} THEN 'true' ELSE 'false' END`,
  };
}

/**
 * The table holds all companies, all periods and what builders wrote that was not published or is no longer: the company and
 * the marks of the periods that the request has pinned pick the rows. The bounds of the periods pick the partitions.
 */
function within(
  { tenantId, generations }: PeriodRows,
  alias: string,
  bind: Parameters<CostDialect["within"]>[2],
): string[] {
  const marks = generations.map(markOf);
  const periods = marks.map((mark) => mark.billingPeriod).toSorted();
  return [
    `${alias}.tenant_id = toUUID(${bind(tenantId, "text")})`,
    `${alias}.billing_period >= toDate(${bind(periods[0]!, "text")})`,
    `${alias}.billing_period <= toDate(${bind(periods.at(-1)!, "text")})`,
    `${alias}.generation IN (${marks.map((mark) => bind(mark.generation, "integer")).join(", ")})`,
  ];
}

/** As DuckDB's: what is beyond 8 places stands behind them, and a unit of the eighth is borrowed where its sign is the other one. */
function decimalText(main: string, lo: string, big: string): string {
  const whole = `(CAST(${main} AS DECIMAL(38, 8)) + ${big})`;
  const trimmed = (text: string) => `rtrim(rtrim(${text}, '0'), '.')`;
  const borrows = `((${whole} > 0 AND ${lo} < 0) OR (${whole} < 0 AND ${lo} > 0))`;
  const sign = `CASE WHEN ${whole} < 0 OR (${whole} = 0 AND ${lo} < 0) THEN '-' ELSE '' END`;
  const unit = "toDecimal128('0.00000001', 8)";
  const eight = `toDecimalString(abs(${whole}) - CASE WHEN ${borrows} THEN ${unit} ELSE toDecimal128(0, 8) END, 8)`;
  const rest = `leftPad(toString(CASE WHEN ${borrows} THEN 1000000000000000000 - abs(${lo}) ELSE abs(${lo}) END), 18, '0')`;
  return `CASE WHEN ${main} IS NULL THEN NULL WHEN ${lo} = 0 THEN ${trimmed(`toDecimalString(${whole}, 8)`)} ELSE concat(${sign}, ${trimmed(`concat(${eight}, ${rest})`)}) END`;
}
