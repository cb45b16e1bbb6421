import type { RawColumn } from "./format.ts";
import { identifier, literal } from "./sql.ts";

/** A value of a raw row: the SQL that reads it, and its DuckDB type. */
export interface RawSource {
  sql: string;
  type: string;
}

/** A column of the raw relation as SQL. */
export function rawSql(column: RawColumn): string {
  return `_raw.${identifier(column.physical ?? column.name)}`;
}

/**
 * Where the first of the names leads: to a column of that name, or, at a dot, to a field inside a STRUCT or JSON column, so
 * that `service.description` reads the flattened column of a CSV and the nested one of parquet and JSON lines alike.
 */
export function findSource(names: readonly string[], columns: readonly RawColumn[]): RawSource | undefined {
  for (const name of names) {
    const column = findColumn(name, columns);
    if (column !== undefined) return unquoted({ sql: rawSql(column), type: column.type });
    const inner = findInside(name, columns);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/**
 * A list of objects as a list of structs of text with the given fields; a field that an object lacks is NULL. A missing or
 * empty value is the empty list, and one that cannot be read is NULL, for the mapping to reject. Text may be JSON or what
 * Python prints for a list of dictionaries, which is what data frames write into a CSV.
 */
export function recordList(source: RawSource | undefined, fields: readonly string[]): string {
  const struct = `STRUCT(${fields.map((field) => `${identifier(field)} VARCHAR`).join(", ")})[]`;
  const empty = `CAST([] AS ${struct})`;
  if (source === undefined) return empty;
  const members = /^STRUCT\((.*)\)\[\]$/s.exec(source.type)?.[1];
  if (members !== undefined) return `coalesce(${structList(source.sql, structFields(members), fields)}, ${empty})`;
  const json = (text: string) =>
    `from_json(${text}, ${literal(JSON.stringify([Object.fromEntries(fields.map((field) => [field, "VARCHAR"]))]))})`;
  if (source.type.endsWith("]")) return `coalesce(${json(`to_json(${source.sql})`)}, ${empty})`;
  const text = `trim(${source.sql})`;
  return `CASE WHEN ${source.sql} IS NULL OR ${text} IN ('', '[]', 'NULL', 'null', 'None') THEN ${empty} WHEN json_valid(${text}) THEN ${whole(json(text))} ELSE ${whole(pythonList(text, struct, fields))} END`;
}

function structList(list: string, has: readonly Field[], fields: readonly string[]): string {
  const isSame =
    has.length === fields.length && has.every((member, at) => member.name === fields[at] && member.type === "VARCHAR");
  if (isSame) return list;
  const values = fields.map((field) => {
    const found = has.find((member) => member.name.toLowerCase() === field.toLowerCase());
    return `${identifier(field)}: ${found === undefined ? "CAST(NULL AS VARCHAR)" : `CAST(${unquoted({ sql: `element.${identifier(found.name)}`, type: found.type }).sql} AS VARCHAR)`}`;
  });
  return `list_transform(${list}, lambda element: {${values.join(", ")}})`;
}

/** A list in which an object could not be read has NULL in its place: then nothing of it is trusted. */
function whole(list: string): string {
  // A list of one list, so that it is made once: DuckDB makes what stands in a CASE anew each time that it is named.
  return `list_filter([${list}], lambda rows: list_count(rows) = len(rows))[1]`;
}

/** DuckDB reads Python's quoting itself; what it does not know are None, Decimal('1.5') and numpy's lists without commas. */
function pythonList(text: string, struct: string, fields: readonly string[]): string {
  const plain = `regexp_replace(regexp_replace(${text}, 'Decimal\\(''([^'']*)''\\)', '\\1', 'g'), '\\}\\s+\\{', '}, {', 'g')`;
  const values = fields.map((field) => `${identifier(field)}: nullif(element.${identifier(field)}, 'None')`);
  return `list_transform(TRY_CAST(${plain} AS ${struct}), lambda element: CASE WHEN element IS NOT NULL THEN {${values.join(", ")}} END)`;
}

function findColumn(name: string, columns: readonly RawColumn[]): RawColumn | undefined {
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.trim().toLowerCase() === name.toLowerCase())
  );
}

function findInside(name: string, columns: readonly RawColumn[]): RawSource | undefined {
  const [head, ...path] = name.split(".");
  const column = findColumn(head!, columns);
  if (column === undefined || path.length === 0) return undefined;
  return path.reduce<RawSource | undefined>(
    (source, field) => (source === undefined ? undefined : stepInto(source, field)),
    { sql: rawSql(column), type: column.type },
  );
}

function stepInto(source: RawSource, field: string): RawSource | undefined {
  // A field of a JSON object is text as far as we know; a number keeps the digits that the file has.
  if (source.type === "JSON")
    return { sql: `json_extract_string(${source.sql}, ${literal(`$.${JSON.stringify(field)}`)})`, type: "VARCHAR" };
  const members = /^STRUCT\((.*)\)$/s.exec(source.type)?.[1];
  const found =
    members === undefined
      ? undefined
      : structFields(members).find((member) => member.name.toLowerCase() === field.toLowerCase());
  return found === undefined
    ? undefined
    : unquoted({ sql: `${source.sql}.${identifier(found.name)}`, type: found.type });
}

/** JSON lines are read with JSON columns, in which a text still stands in quotes; objects and lists stay JSON text. */
function unquoted(source: RawSource): RawSource {
  return source.type === "JSON" ? { sql: `json_extract_string(${source.sql}, '$')`, type: "VARCHAR" } : source;
}

interface Field {
  name: string;
  type: string;
}

/** The fields of a STRUCT as DuckDB prints them: `id VARCHAR, "key" STRUCT(a INTEGER)[]`. */
function structFields(members: string): Field[] {
  const fields: Field[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= members.length; at++) {
    const char = members[at];
    if (char === '"') quoted = !quoted;
    if (quoted) continue;
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char === undefined || (char === "," && depth === 0)) {
      const field = /^(?:"((?:[^"]|"")*)"|(\S+))\s+(.+)$/s.exec(members.slice(start, at).trim());
      if (field !== null) fields.push({ name: field[1]?.replaceAll('""', '"') ?? field[2]!, type: field[3]! });
      start = at + 1;
    }
  }
  return fields;
}
