import type { ColumnType } from "@finops/focus/column";
import type { FocusColumnId } from "@finops/focus/columns";
import { flatTags } from "../flat-tags.ts";
import type { BillHeader, InputColumn, RawColumn, RejectRule } from "../format.ts";
import { moneyText } from "../money-text.ts";
import { literal } from "../sql.ts";
import type { ColumnSource, FileColumn } from "./definition.ts";

/** A FOCUS column of a user's mapping as SQL, with the inputs that it reads and the file's columns that it takes. */
export interface ColumnValue {
  sql: string;
  inputs: Record<string, InputColumn>;
  takes: readonly string[];
  rejected: readonly RejectRule[];
}

type Bind = (kind: InputColumn["kind"]) => Record<string, InputColumn>;

/** Null where the source is a column that the file may lack and does lack. */
export function columnValue(
  id: FocusColumnId,
  type: ColumnType,
  source: ColumnSource,
  header: BillHeader,
  decimalComma: boolean,
): ColumnValue | null {
  if ("value" in source)
    return {
      sql: type === "datetime" ? `CAST(${literal(source.value)} AS TIMESTAMP)` : literal(source.value),
      inputs: {},
      takes: [],
      rejected: [],
    };
  if ("columns" in source) return gatheredTags(id, source.columns);

  const names = [source.column].flat();
  const input = `raw_${id}`;
  const found = findByName(names, header);
  if (found === undefined && source.optional === true && source.otherwise === undefined) return null;
  const isText = found?.type === "VARCHAR";
  // A column whose words are translated stays as an extra, so that nothing is lost.
  const takes =
    found === undefined || source.values !== undefined || source.otherwise !== undefined ? [] : [found.name.trim()];
  const required = source.optional !== true && ["BilledCost", "ChargePeriodStart", "BillingPeriodStart"].includes(id);
  const bind: Bind = (kind) => ({ [input]: { names, kind, required } });

  if (type === "datetime") return dateValue(input, source, isText, takes, bind);
  if (type === "decimal") return amountValue(id, input, isText, decimalComma, takes, bind);
  const text = translated(input, source);
  if (type === "json")
    return {
      sql: id === "Tags" || id === "AllocatedTags" ? flatTags(text) : text,
      inputs: bind("json"),
      takes,
      rejected: [],
    };
  // Vendors write `usd`; ISO 4217 codes are capitals.
  return { sql: id === "BillingCurrency" ? `upper(${text})` : text, inputs: bind("text"), takes, rejected: [] };
}

function findByName(names: readonly string[], header: BillHeader): RawColumn | undefined {
  for (const name of names) {
    const found = header.columns.find((column) => column.name.trim().toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return undefined;
}

function translated(input: string, source: FileColumn): string {
  const values = Object.entries(source.values ?? {}).map(([from, to]) => `WHEN ${literal(from)} THEN ${literal(to)}`);
  const otherwise = source.otherwise === undefined ? input : literal(source.otherwise);
  if (values.length === 0) return source.otherwise === undefined ? input : `coalesce(${input}, ${otherwise})`;
  return `CASE ${input} ${values.join(" ")} ELSE ${otherwise} END`;
}

function dateValue(
  input: string,
  source: FileColumn,
  isText: boolean,
  takes: readonly string[],
  bind: Bind,
): ColumnValue {
  const end = source.inclusive === true ? " + INTERVAL 1 DAY" : "";
  if (source.format === "unix")
    return {
      sql: `make_timestamp(TRY_CAST(TRY_CAST(${input} AS DECIMAL(18,0)) AS BIGINT) * 1000000)${end}`,
      inputs: bind("text"),
      takes,
      rejected: [],
    };
  if (source.format === undefined || !isText)
    return { sql: `${input}${end}`, inputs: bind("time"), takes, rejected: [] };
  const sql = `try_strptime(${input}, ${literal(source.format)})`;
  const reason = `'The date "' || ${input} || ${literal(`" is not written as ${source.format}.`)}`;
  return {
    sql: `${sql}${end}`,
    inputs: bind("text"),
    takes,
    rejected: [{ when: `${input} IS NOT NULL AND ${sql} IS NULL`, reason }],
  };
}

function amountValue(
  id: FocusColumnId,
  input: string,
  isText: boolean,
  decimalComma: boolean,
  takes: readonly string[],
  bind: Bind,
): ColumnValue {
  if (!isText) return { sql: input, inputs: bind("decimal"), takes, rejected: [] };
  const sql = moneyText(input, decimalComma);
  const reason = `'${id} "' || ${input} || '" is not a number with a decimal comma.'`;
  return {
    sql,
    inputs: bind("decimal"),
    takes,
    rejected: decimalComma ? [{ when: `${input} IS NOT NULL AND ${sql} IS NULL`, reason }] : [],
  };
}

/** Each column is a tag of its name; an empty one is no tag. */
function gatheredTags(id: FocusColumnId, columns: readonly string[]): ColumnValue {
  const inputs = Object.fromEntries(
    columns.map((column, index): [string, InputColumn] => [`raw_${id}_${index}`, { names: [column], kind: "text" }]),
  );
  const pairs = columns.map(
    (column, index) =>
      `CASE WHEN raw_${id}_${index} IS NOT NULL THEN ${literal(`${JSON.stringify(column)}:`)} || CAST(to_json(raw_${id}_${index}) AS VARCHAR) END`,
  );
  return {
    sql: `nullif('{' || concat_ws(',', ${pairs.join(", ")}) || '}', '{}')`,
    inputs,
    takes: columns,
    rejected: [],
  };
}
