import { type BillDatabase, quote } from "./database.ts";

/** Name in the file to SQL over `l` (lines), `t` (texts), `c` (commitments) and `m` (constants of the month). */
export type ColumnMap = readonly (readonly [name: string, sql: string])[];

export interface CopyOrder {
  columns: ColumnMap;
  /** SQL for the names after `m.`. */
  constants: Record<string, string>;
  /** Columns of `lines` that, with the text, decide every column that is not a time, a quantity or a cost. */
  keys: readonly string[];
  path: string;
  where?: string;
}

/**
 * Copies table `lines` to parquet. Most columns of a bill are the same on every day of a resource, so they are made once
 * per text and kind of line (table `faces`), and the lines are joined to them.
 */
export async function copyParquet(db: BillDatabase, order: CopyOrder): Promise<void> {
  const columns = order.columns.map(([name, sql], index) => ({
    name,
    sql: withConstants(sql, order.constants),
    index,
  }));
  const fixed = columns.filter(({ sql }) => isFixed(sql, order.keys));
  await makeFaces(
    db,
    order,
    fixed.map(({ sql, index }) => `${sql} AS f${index}`),
  );
  const select = columns
    .map((column) => `${fixed.includes(column) ? `f.f${column.index}` : column.sql} AS "${column.name}"`)
    .join(",\n");
  await db.run(
    `COPY (SELECT ${select} FROM ${linesWithFaces(order)}) TO ${quote(order.path)} (FORMAT parquet, COMPRESSION snappy)`,
  );
}

/** Copies table `lines` to CSV: neighbouring fixed columns become one piece of text, and a line is glued from few pieces. */
export async function copyCsv(db: BillDatabase, order: CopyOrder): Promise<void> {
  const runs: { isFixed: boolean; fields: string[] }[] = [];
  for (const [, raw] of order.columns) {
    const sql = withConstants(raw, order.constants);
    const fixed = isFixed(sql, order.keys);
    const field = `(${sql === "NULL" ? "''" : sql})::VARCHAR`;
    const run = runs.at(-1);
    if (run?.isFixed === fixed) run.fields.push(field);
    else runs.push({ isFixed: fixed, fields: [field] });
  }
  const pieces = runs.map((run, index) => ({
    isFixed: run.isFixed,
    sql: run.isFixed ? quotedFields(run.fields) : run.fields.join(", ',', "),
    name: `f${index}`,
  }));
  await makeFaces(
    db,
    order,
    pieces.filter((piece) => piece.isFixed).map(({ sql, name }) => `${sql} AS ${name}`),
  );
  // concat() and not ||, which would copy the long line once per piece; it takes NULL for nothing.
  const line = `concat(${pieces.map((piece) => (piece.isFixed ? `f.${piece.name}` : piece.sql)).join(", ',', ")})`;
  const header = order.columns.map(([name]) => name).join(",");
  // One column, no quotes and a delimiter that never occurs: DuckDB then writes the line as it is.
  await db.run(
    `COPY (SELECT ${line} AS "${header}" FROM ${linesWithFaces(order)}) TO ${quote(order.path)} (FORMAT csv, HEADER true, QUOTE '', ESCAPE '', DELIMITER E'\\x1f')`,
  );
}

async function makeFaces(db: BillDatabase, order: CopyOrder, columns: readonly string[]): Promise<void> {
  const keys = ["text_id", ...order.keys].join(", ");
  await db.run(`
    CREATE OR REPLACE TABLE faces AS
    SELECT ${faceKey(order)} AS face, ${columns.join(", ")}
    FROM (SELECT DISTINCT ${keys} FROM lines) l JOIN texts t ON t.id = l.text_id LEFT JOIN commitments c ON c.commitment = l.commitment`);
}

function linesWithFaces(order: CopyOrder): string {
  return `lines l JOIN faces f ON f.face = ${faceKey(order)} WHERE ${order.where ?? "true"}`;
}

function faceKey(order: CopyOrder): string {
  return `hash(${["text_id", ...order.keys].map((key) => `l.${key}`).join(", ")})`;
}

function isFixed(sql: string, keys: readonly string[]): boolean {
  return [...sql.matchAll(/\bl\.(\w+)/g)].every(([, column]) => keys.includes(column!));
}

function withConstants(sql: string, constants: Record<string, string>): string {
  return sql.replace(/\bm\.(\w+)/g, (whole, name: string) => constants[name] ?? whole);
}

function quotedFields(fields: readonly string[]): string {
  const quoted = `CASE WHEN contains(v, ',') OR contains(v, '"') THEN '"' || replace(v, '"', '""') || '"' ELSE coalesce(v, '') END`;
  return `array_to_string(list_transform([${fields.join(", ")}], lambda v: ${quoted}), ',')`;
}
