import { AppError } from "@finops/kernel/app-error";
import type { BillMapping, ColumnFamily, DerivedRows, FactTable, InputColumn, Lookup, RawColumn } from "./format.ts";
import { findSource, rawSql, recordList } from "./raw-source.ts";
import { identifier, literal } from "./sql.ts";
import { renderTwins } from "./twins.ts";

/** A relation of raw rows: any SQL that can stand in FROM, with its columns. It must also have `_file` (an integer). */
export interface RawRelation {
  sql: string;
  columns: readonly RawColumn[];
}

export interface MappingSettings {
  /** Constants for missing columns, by FOCUS column: `{ BillingCurrency: "USD" }`. */
  assume: Readonly<Record<string, string>>;
  /** The role of this relation's files, and all roles of the delivery, such as `actual` of `actual,amortized`. */
  role: string;
  roles: readonly string[];
  /** For a mapping with `twins`: the delivery's files of the other roles, each group with the mapping of its header. */
  others?: readonly OtherStatement[];
}

/** Files of another role in the same delivery. */
export interface OtherStatement {
  mapping: BillMapping;
  raw: RawRelation;
  role: string;
}

/**
 * The mapping as one SELECT over the raw rows. Its columns are those of `mapping.columns` and, for bookkeeping: `_file`,
 * `_part` ('line', or the rule that derived the row), `_dropped` (rule or NULL), `_rejected` (reason or NULL), `_raw_cost`
 * (0 on derived rows), `_rule` (what explains a billed cost other than the raw cost, or NULL) and `_extras` (JSON text).
 */
export function renderMapping(mapping: BillMapping, raw: RawRelation, settings: MappingSettings): string {
  const ctes = [
    ...bindSource("", mapping, raw, settings),
    ...renderTwinColumn(mapping, settings),
    `_looked AS (SELECT _source.*${lookupColumns(mapping.lookups)}\n  FROM ${mapping.twins === undefined ? "_steps" : "_twinned"} AS _source${lookupJoins(mapping.lookups)})`,
    `_rows AS (${expandRows(inLayers(mapping.figures ?? {}, "_looked"), mapping.derived)})`,
  ];
  return `WITH ${ctes.join(",\n")}\nSELECT ${outputs(mapping).join(",\n    ")}\n  FROM _rows`;
}

function bindSource(
  prefix: string,
  mapping: BillMapping,
  raw: RawRelation,
  settings: Pick<MappingSettings, "assume" | "role" | "roles">,
): string[] {
  const inputs = Object.entries(mapping.inputs).map(
    ([name, input]) => `${bindInput(name, input, raw, settings)} AS ${identifier(name)}`,
  );
  const families = Object.entries(mapping.families ?? {}).map(
    ([name, family]) => `${gatherFamily(family, raw)} AS ${identifier(name)}`,
  );
  const constants = [`${literal(settings.role)} AS role`, `${literal(settings.roles.join(","))} AS roles`];
  // DuckDB would keep a CTE that is read several times, as twins do, whole in memory or on disk.
  return [
    `${prefix}_inputs AS NOT MATERIALIZED (SELECT ${["_file", ...constants, ...inputs, ...families].join(",\n    ")}\n  FROM ${raw.sql} AS _raw)`,
    `${prefix}_steps AS NOT MATERIALIZED (SELECT * FROM ${inLayers(mapping.steps ?? {}, `${prefix}_inputs`)})`,
  ];
}

/**
 * A relation with named values added, in layers that each use only those before. In one SELECT, DuckDB pastes a value's text
 * wherever its name stands, and values upon values upon values take seconds to plan.
 */
function inLayers(values: Record<string, string>, from: string): string {
  return layers(values).reduce(
    (below, layer) =>
      `(SELECT *, ${layer.map(([name, sql]) => `${sql} AS ${identifier(name)}`).join(",\n    ")}\n  FROM ${below})`,
    from,
  );
}

function layers(values: Record<string, string>): [name: string, sql: string][][] {
  const depths = new Map<string, number>();
  const layered: [string, string][][] = [];
  for (const [name, sql] of Object.entries(values)) {
    const words = new Set(sql.match(/\w+/g));
    const depth = Math.max(0, ...[...depths].filter(([earlier]) => words.has(earlier)).map(([, at]) => at + 1));
    depths.set(name, depth);
    (layered[depth] ??= []).push([name, sql]);
  }
  return layered;
}

function renderTwinColumn({ twins }: BillMapping, settings: MappingSettings): string[] {
  if (twins === undefined) return [];
  // A file without a role states nothing that can be held against another.
  const others = (settings.others ?? []).filter(
    (other) => settings.role !== "" && other.role !== "" && other.role !== settings.role,
  );
  if (others.length === 0) return ["_twinned AS (SELECT *, CAST(NULL AS BOOLEAN) AS twin FROM _steps)"];
  return [
    ...others.flatMap((other, index) =>
      bindSource(`_other${index}`, other.mapping, other.raw, { ...settings, role: other.role }),
    ),
    ...renderTwins(
      twins,
      "_steps",
      others.map((_, index) => `_other${index}_steps`),
    ),
  ];
}

/** The statements that a connection needs once, before a rendered mapping runs on it. */
export function mappingPreamble(mappings: readonly BillMapping[]): string[] {
  const tables = new Map(
    mappings.flatMap((mapping) => mapping.lookups ?? []).map((lookup) => [lookup.table.name, lookup.table]),
  );
  return [
    "SET TimeZone = 'UTC'",
    exactSum("exact_add", "+"),
    exactSum("exact_subtract", "-"),
    exactProduct(),
    ...[...tables.values()].flatMap(createFactTable),
  ];
}

function exactSum(name: string, sign: "+" | "-"): string {
  const exact = (operand: string) => `CAST(CAST(${operand} AS VARCHAR) AS DECIMAL(38,26))`;
  return `CREATE OR REPLACE TEMP MACRO ${name}(a, b) AS CAST(TRY(${exact("a")} ${sign} ${exact("b")}) AS VARCHAR)`;
}

/**
 * A product has the places of both factors and 38 digits in all, so the macro takes the first way to share 26 places that
 * holds both factors exactly, and only then the one that rounds each at 13.
 */
function exactProduct(): string {
  const text = (operand: string) => `CAST(${operand} AS VARCHAR)`;
  const factor = (operand: string, places: number) => `TRY_CAST(${text(operand)} AS DECIMAL(38,${places}))`;
  const product = (placesA: number, placesB: number) => `TRY(${factor("a", placesA)} * ${factor("b", placesB)})`;
  const holds = (operand: string, places: number) => `${factor(operand, places)} = ${factor(operand, 26)}`;
  const splits = [
    [13, 13],
    [20, 6],
    [6, 20],
    [26, 0],
    [0, 26],
  ] as const;
  const exact = splits.map(
    ([a, b]) => `CASE WHEN ${holds("a", a)} AND ${holds("b", b)} THEN CAST(${product(a, b)} AS VARCHAR) END`,
  );
  const rounded = [
    [13, 13],
    [9, 9],
  ] as const;
  const general = `coalesce(${[...exact, ...rounded.map(([a, b]) => `CAST(${product(a, b)} AS VARCHAR)`)].join(", ")})`;
  return `CREATE OR REPLACE TEMP MACRO exact_multiply(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN ${isSmall("a")} AND ${isSmall("b")} THEN CAST(${small("a")} * ${small("b")} AS VARCHAR) ELSE ${general} END`;
}

/** Nearly all factors of bills have 9 places and fit 64 bits, and their product costs a fortieth of the general one. */
function small(operand: string): string {
  return `TRY_CAST(CAST(${operand} AS VARCHAR) AS DECIMAL(18,9))`;
}

/** Two decimals of at most 15 digits are equal where their doubles are, so the cast to 9 places lost nothing. */
function isSmall(operand: string): string {
  return `(length(CAST(${operand} AS VARCHAR)) <= 16 AND CAST(${small(operand)} AS DOUBLE) = TRY_CAST(${operand} AS DOUBLE))`;
}

/** Names of required columns that the file lacks and the caller did not assume, each with what may be assumed. */
export function missingColumns(
  mapping: BillMapping,
  columns: readonly RawColumn[],
  assume: Readonly<Record<string, string>>,
): string[] {
  return Object.values(mapping.inputs)
    .filter(
      (input) => input.required === true && findSource(input.names, columns) === undefined && !isAssumed(input, assume),
    )
    .map((input) =>
      input.assume === undefined ? input.names[0]! : `${input.names[0]} (or --assume ${input.assume}=…)`,
    );
}

function bindInput(name: string, input: InputColumn, raw: RawRelation, settings: MappingSettings): string {
  const source = findSource(input.names, raw.columns);
  if (input.kind === "records") return recordList(source, input.fields ?? []);
  if (input.kind === "map") return source === undefined ? `CAST(NULL AS ${textMap})` : toMap(source.sql, source.type);
  if (source === undefined) {
    if (input.assume !== undefined && isAssumed(input, settings.assume))
      return convert(literal(settings.assume[input.assume]!), "VARCHAR", input);
    if (input.required === true)
      throw new AppError("invalid", `The bill lacks the column ${input.names[0]}.`, { internal: name });
    return `CAST(NULL AS ${input.kind === "time" ? "TIMESTAMP" : "VARCHAR"})`;
  }
  return convert(source.sql, source.type, input);
}

function convert(sql: string, type: string, input: InputColumn): string {
  if (input.kind === "time") return toTimestamp(sql, type, input.formats ?? []);
  if (input.kind === "decimal")
    return type === "VARCHAR"
      ? withoutNullWords(
          input.decimalComma === true ? `replace(replace(trim(${sql}), '.', ''), ',', '.')` : `trim(${sql})`,
        )
      : sql;
  if (type === "VARCHAR") return withoutNullWords(sql);
  return input.kind === "text" ? `CAST(${sql} AS VARCHAR)` : `CAST(to_json(${sql}) AS VARCHAR)`;
}

const textMap = "MAP(VARCHAR, VARCHAR)";

function toMap(sql: string, type: string): string {
  if (type === textMap) return sql;
  const json = type === "VARCHAR" ? `TRY_CAST(nullif(${sql}, '') AS JSON)` : `to_json(${sql})`;
  return `TRY_CAST(${json} AS ${textMap})`;
}

/** Exports write an absent value as an empty text or as the word; SQL engines write it in capitals, the FOCUS examples do not. */
function withoutNullWords(text: string): string {
  return `CASE WHEN ${text} IN ('', 'NULL', 'null') THEN NULL ELSE ${text} END`;
}

function toTimestamp(sql: string, type: string, formats: readonly string[]): string {
  if (type.startsWith("TIMESTAMP WITH")) return `(${sql} AT TIME ZONE 'UTC')`;
  if (type.startsWith("TIMESTAMP") || type === "DATE") return `CAST(${sql} AS TIMESTAMP)`;
  const text = type === "VARCHAR" ? sql : `CAST(${sql} AS VARCHAR)`;
  const cleaned = `regexp_replace(trim(${text}), ' UTC$', 'Z')`;
  const more = ["%Y-%m-%dT%H:%MZ", ...formats].map(literal).join(", ");
  return `CASE WHEN ${isUtcTimestamp(text)} THEN TRY_CAST(${text} AS TIMESTAMP) ELSE coalesce(${isoTimestamp(text)}, ${isoTimestamp(cleaned)}, try_strptime(${cleaned}, [${more}])) END`;
}

/** As nearly all bills write it, `2026-08-01T00:00:00Z` or with milliseconds: read without a time zone, at a quarter of the cost. */
function isUtcTimestamp(text: string): string {
  return `strlen(${text}) IN (20, 24) AND ends_with(${text}, 'Z') AND ${text} LIKE '____-%'`;
}

/** DuckDB reads `5/1/25` as a day of the year 5 and `epoch` as 1970, so only a text that begins with a year of four digits is cast. */
function isoTimestamp(text: string): string {
  return `CASE WHEN ${text} LIKE '____-%' THEN TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END`;
}

function gatherFamily(family: ColumnFamily, raw: RawRelation): string {
  const members = raw.columns.filter((column) =>
    column.name.trim().toLowerCase().startsWith(family.prefix.toLowerCase()),
  );
  if (members.length === 0) return "CAST(NULL AS VARCHAR)";
  const entries = members.map((column) => {
    const rest = column.name.trim().slice(family.prefix.length);
    const value = withoutNullWords(`CAST(${rawSql(column)} AS VARCHAR)`);
    return member(family.key === undefined ? rest : family.key(rest), value);
  });
  return `nullif('{' || concat_ws(',', ${entries.join(", ")}) || '}', '{}')`;
}

/** A member of a JSON object as text, NULL where the value is. */
function member(key: string, value: string): string {
  return `${literal(`${JSON.stringify(key)}:`)} || CAST(to_json(${value}) AS VARCHAR)`;
}

function lookupColumns(lookups: readonly Lookup[] = []): string {
  return lookups.map((lookup) => `, ${identifier(lookup.as)}`).join("");
}

function lookupJoins(lookups: readonly Lookup[] = []): string {
  return lookups
    .map((lookup) => {
      const on = Object.entries(lookup.on).map(
        ([column, sql]) => `${identifier(lookup.as)}.${identifier(column)} = ${sql}`,
      );
      return `\n  LEFT JOIN ${identifier(lookup.table.name)} AS ${identifier(lookup.as)} ON ${on.join(" AND ")}`;
    })
    .join("");
}

function expandRows(source: string, derived: readonly DerivedRows[] = []): string {
  if (derived.length === 0) return `SELECT *, 'line' AS part FROM ${source}`;
  const each = derived.find((rule) => rule.forEach !== undefined);
  const itemless = each === undefined ? "" : ", item: NULL";
  const lists = derived.map((rule) =>
    rule.forEach === undefined
      ? `CASE WHEN ${rule.when} THEN [{part: ${literal(rule.rule)}${itemless}}] ELSE [] END`
      : `CASE WHEN ${rule.when} THEN list_transform(${rule.forEach}, lambda element: {part: ${literal(rule.rule)}, item: element}) ELSE [] END`,
  );
  const expanded = `[{part: 'line'${itemless}}] || ${lists.join(" || ")}`;
  const item = each === undefined ? "" : ", _expanded.item AS item";
  return `SELECT * EXCLUDE (_expanded), _expanded.part AS part${item} FROM (SELECT *, unnest(${expanded}) AS _expanded FROM ${source})`;
}

function outputs(mapping: BillMapping): string[] {
  const extras = Object.entries(mapping.extras ?? {}).map(([name, sql]) => member(name, `CAST((${sql}) AS VARCHAR)`));
  return [
    ...Object.entries(mapping.columns).map(([column, sql]) => `${sql} AS ${identifier(column)}`),
    "_file",
    "part AS _part",
    `${firstRule(mapping.dropped)} AS _dropped`,
    `${mapping.rejected === undefined || mapping.rejected.length === 0 ? "CAST(NULL AS VARCHAR)" : `CASE ${mapping.rejected.map((rule) => `WHEN part = 'line' AND (${rule.when}) THEN ${rule.reason}`).join(" ")} END`} AS _rejected`,
    `CASE WHEN part = 'line' THEN ${mapping.rawCost} ELSE '0' END AS _raw_cost`,
    `CASE WHEN part <> 'line' THEN part ELSE ${firstRule(mapping.bridge)} END AS _rule`,
    `${extras.length === 0 ? "CAST(NULL AS VARCHAR)" : `nullif('{' || concat_ws(',', ${extras.join(", ")}) || '}', '{}')`} AS _extras`,
  ];
}

function firstRule(rules: readonly { rule: string; when: string }[] = []): string {
  if (rules.length === 0) return "CAST(NULL AS VARCHAR)";
  return `CASE ${rules.map((rule) => `WHEN part = 'line' AND (${rule.when}) THEN ${literal(rule.rule)}`).join(" ")} END`;
}

function createFactTable(table: FactTable): string[] {
  const rows = table.rows.map(
    (row) => `(${row.map((value) => (value === null ? "NULL" : literal(value))).join(", ")})`,
  );
  return [
    `CREATE OR REPLACE TEMP TABLE ${identifier(table.name)} (${table.columns.map((column) => `${identifier(column)} VARCHAR`).join(", ")})`,
    ...(rows.length === 0 ? [] : [`INSERT INTO ${identifier(table.name)} VALUES ${rows.join(", ")}`]),
  ];
}

function isAssumed(input: InputColumn, assume: Readonly<Record<string, string>>): boolean {
  return input.assume !== undefined && assume[input.assume] !== undefined;
}
