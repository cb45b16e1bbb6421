import { renameSync, rmSync, statSync } from "node:fs";
import { AppError } from "@finops/kernel/app-error";
import { bookkeeping, comboColumns, exactColumns, factTextColumns, hotColumns } from "../../tables/cost-columns.ts";
import { exactNames } from "../../tables/exact-decimal.ts";
import type { GenerationManifest } from "../../tables/generation.ts";
import { DuckDB, type DuckDBOptions } from "./connection.ts";
import { jsonPointer, literal } from "./sql-text.ts";

/** A published (or about to be published) version of a source's period: its Parquet files in the lake. */
export interface VersionFiles {
  versionId: string;
  /** Paths of Parquet files on this machine. */
  paths: readonly string[];
}

export interface BuildOptions extends Omit<DuckDBOptions, "path"> {
  /** A rollup with more than this share of the facts' rows is left out: it costs disk and saves nothing. A third unless told. */
  rollupShareMax?: number;
}

/**
 * Builds the store's file for one billing period from exactly the versions given, and renames it into place when it is
 * complete. Tables: `combos`, `facts`, `versions` and rollups. Throws when the build fails; then no file
 * stands at `path`.
 */
export async function buildGeneration(
  versions: readonly VersionFiles[],
  path: string,
  options: BuildOptions,
): Promise<GenerationManifest> {
  const draft = `${path}.tmp`;
  for (const file of [draft, `${draft}.wal`]) rmSync(file, { force: true });
  const engine = await DuckDB.open(options);
  try {
    await engine.run(`ATTACH ${literal(draft)} AS period (STORAGE_VERSION 'v1.5.0')`);
    await engine.run("USE period");
    await engine.run(`CREATE TEMP VIEW lake AS ${lakeUnion(versions)}`);
    await engine.run(
      `CREATE TABLE versions AS SELECT * FROM (VALUES ${versions.map((version, index) => `(${index}, ${literal(version.versionId)})`).join(", ")}) AS v(version, version_id)`,
    );
    const isEmpty = await findEmptyColumns(engine, versions);
    const key = comboColumns.filter((column) => !isEmpty(column));
    await buildCombos(engine, key);
    await buildFacts(engine, key, isEmpty);
    await buildRollups(engine, options.rollupShareMax ?? 1 / 3);
    const manifest = await readManifest(engine);
    await engine.run("USE memory");
    await engine.run("CHECKPOINT period");
    await engine.run("DETACH period");
    engine.close();
    renameSync(draft, path);
    return { ...manifest, bytes: statSync(path).size };
  } catch (error) {
    engine.close();
    for (const file of [draft, `${draft}.wal`]) rmSync(file, { force: true });
    throw error;
  }
}

const dayOf = `CAST("ChargePeriodStart" AS DATE) AS charge_day`;

function lakeUnion(versions: readonly VersionFiles[]): string {
  return versions
    .map(
      (version, index) =>
        `SELECT *, CAST(${index} AS SMALLINT) AS version FROM read_parquet([${version.paths.map(literal).join(", ")}], hive_partitioning = false)`,
    )
    .join(" UNION ALL BY NAME ");
}

/** Which columns have no value in any row, by what the files say of themselves. Half of a bill's columns may be such. */
async function findEmptyColumns(
  engine: DuckDB,
  versions: readonly VersionFiles[],
): Promise<(column: string) => boolean> {
  const paths = versions.flatMap((version) => version.paths).map(literal);
  const rows = await engine.rows(
    `SELECT path_in_schema AS name FROM parquet_metadata([${paths.join(", ")}]) GROUP BY name HAVING bool_or(stats_null_count IS NULL OR stats_null_count < num_values)`,
  );
  const valued = new Set(rows.map((row) => row.name));
  // Files without rows say nothing.
  return (column) => valued.size > 0 && !valued.has(column);
}

/**
 * One row per combination. The number is dense, so that facts store it in few bits and side files can join on it.
 * @param key the columns with values, which tell combinations apart
 */
async function buildCombos(engine: DuckDB, key: readonly string[]): Promise<void> {
  const columns = key.map(quoted).join(", ");
  const empty = comboColumns.filter((column) => !key.includes(column)).map(emptyText);
  await engine.run(`CREATE TABLE combos AS SELECT CAST(row_number() OVER () - 1 AS INTEGER) AS combo_id, ${comboHash(key)} AS combo_hash, ${comboColumns.map(quoted).join(", ")}, ${tagMap} AS tag_map
    FROM (SELECT ${[columns, ...empty].join(", ")} FROM lake GROUP BY ${columns}) AS lake`);
  const [check] = await engine.rows(
    "SELECT count(DISTINCT combo_hash) AS hashes, count(*) AS combinations FROM combos",
  );
  if (check!.hashes !== check!.combinations)
    throw new AppError("internal", "Two combinations of columns share a hash.", { internal: JSON.stringify(check) });
}

// Tags that are no JSON object were rejected or repaired before; anything else counts as no tags. Of a key that stands twice
// the first value counts: a map takes each key once.
const tagMap = `CASE WHEN "Tags" IS NULL OR json_type(TRY_CAST("Tags" AS JSON)) IS DISTINCT FROM 'OBJECT' THEN MAP {}
  ELSE map_from_entries(list_transform(list_distinct(json_keys("Tags")), lambda key: {k: key, v: json_extract_string("Tags", ${jsonPointer("key")})})) END`;

function comboHash(key: readonly string[]): string {
  return `hash(${key.map((column) => `lake.${quoted(column)}`).join(", ")})`;
}

/** A column without values is added when the rows stand: to carry it along costs a hundred times as much. */
async function buildFacts(engine: DuckDB, key: readonly string[], isEmpty: (column: string) => boolean): Promise<void> {
  const [empty, valued] = [factTextColumns.filter(isEmpty), factTextColumns.filter((column) => !isEmpty(column))];
  await engine.run(
    `CREATE TABLE facts AS SELECT ${factSelection(valued).join(", ")} FROM lake JOIN combos ON combos.combo_hash = ${comboHash(key)}`,
  );
  for (const column of empty) await engine.run(`ALTER TABLE facts ADD COLUMN ${quoted(column)} VARCHAR`);
}

function factSelection(texts: readonly string[]): string[] {
  const exact = exactColumns.flatMap((column) => Object.values(exactNames(column)));
  return [
    `lake."ChargePeriodStart"`,
    `lake."ChargePeriodEnd"`,
    `lake."BillingPeriodStart"`,
    `lake."BillingPeriodEnd"`,
    ...exact.map((name) => `lake.${name}`),
    "combos.combo_id",
    ...texts.map((column) => `lake.${quoted(column)}`),
    `lake.${quoted(bookkeeping.extras)}`,
    `lake.${quoted(bookkeeping.file)}`,
    `lake.${quoted(bookkeeping.rule)}`,
    "lake.version",
  ];
}

/** What a rollup is made of: a relation, its day if days are told apart, and how many charges one of its rows stands for. */
interface RollupSource {
  table: string;
  day: string | null;
  count: string;
}

const facts: RollupSource = { table: "facts", day: dayOf, count: "count(*)" };

/**
 * By combination, and by the columns that dashboards use, by day and for the whole month. All are summed by a number: what several
 * combinations have in common has one too, and each is made of the smallest before it. Rows are counted first: to find that a rollup
 * saves nothing costs a tenth of writing it.
 */
async function buildRollups(engine: DuckDB, shareMax: number): Promise<void> {
  const hot = hotColumns.map(quoted).join(", ");
  await engine.run(
    `CREATE TEMP TABLE hot_of AS SELECT combo_id, dense_rank() OVER (ORDER BY ${hot}) AS hot_id, ${hot} FROM combos`,
  );
  const countRows = async (relation: string) =>
    Number((await engine.rows(`SELECT count(*) AS n FROM ${relation}`))[0]!.n);

  /** Null where it is not much shorter than what is read without it. */
  async function write(name: string, source: RollupSource, by: "combo_id" | "hot_id", instead: number) {
    const days = source.day === null ? [] : ["charge_day"];
    const groups = [...(source.day === null ? [] : [source.day]), by, ...unknownCosts].join(", ");
    const rows = await countRows(`(SELECT DISTINCT ${groups} FROM ${source.table})`);
    if (rows > instead * shareMax) return null;
    const sums = rollup(source, by);
    await engine.run(
      by === "combo_id"
        ? `CREATE TABLE ${name} AS ${sums} ORDER BY ${[...days, by].join(", ")}`
        : `CREATE TABLE ${name} AS SELECT ${[...days, hot].join(", ")}, sums.* EXCLUDE (${[...days, by].join(", ")}) FROM (${sums}) AS sums JOIN (SELECT DISTINCT hot_id, ${hot} FROM hot_of) AS names USING (hot_id) ORDER BY ${[...days, hot].join(", ")}`,
    );
    return { rows, source: { table: name, day: source.day === null ? null : "charge_day", count: "sum(row_count)" } };
  }

  const withHot = (source: RollupSource) => ({ ...source, table: `${source.table} JOIN hot_of USING (combo_id)` });
  const charges = await countRows("facts");
  const combo = await write("rollup_combo", facts, "combo_id", charges);
  const byCombo = combo?.source ?? facts;
  const day = await write("rollup_day", withHot(byCombo), "hot_id", charges);
  const wholeMonth = { ...byCombo, day: null };
  const monthCombo = await write("rollup_month_combo", wholeMonth, "combo_id", combo?.rows ?? charges);
  await write("rollup_month", withHot(monthCombo?.source ?? wholeMonth), "hot_id", day?.rows ?? charges);
}

/** Rows with and without a list or contracted cost are kept apart, so that NULL still means unknown. */
const unknownCosts = ["ListCost", "ContractedCost", "CommitmentDiscountQuantity"].map(
  (column) => `(${quoted(column)} IS NULL) AS ${quoted(`${column}_unknown`)}`,
);

/**
 * Sums by the given number, and by day where there is one, in the exact layout again: what the sums of `lo` hold beyond 8 places moves up, and a sum of 1e10
 * and more moves to `big`.
 */
function rollup({ table, day, count }: RollupSource, key: string): string {
  const sums = exactColumns.map((column) => {
    const { main, lo, big } = exactNames(column);
    return `sum(${main}) AS ${main}, sum(${lo}) AS ${lo}, sum(${big}) AS ${big}`;
  });
  const normal = exactColumns.flatMap((column) => {
    const { main, lo, big } = exactNames(column);
    const carried = `(${main} + ${big} + CAST(${lo} // 1000000000000000000 AS DECIMAL(38,0)) * 0.00000001::DECIMAL(8,8))`;
    const fits = `abs(${carried}) < 9999999999`;
    return [
      `CASE WHEN ${fits} THEN CAST(${carried} AS DECIMAL(18,8)) WHEN ${main} IS NULL THEN NULL ELSE 0 END AS ${main}`,
      `CAST(${lo} - (${lo} // 1000000000000000000) * 1000000000000000000 AS BIGINT) AS ${lo}`,
      `CASE WHEN ${fits} THEN 0 WHEN ${main} IS NULL THEN NULL ELSE CAST(${carried} AS DECIMAL(38,8)) END AS ${big}`,
    ];
  });
  const [days, dayColumn] = day === null ? [[], []] : [[day], ["charge_day"]];
  return `SELECT ${[...dayColumn, key, "row_count", ...normal].join(", ")} FROM (SELECT ${[...days, key, ...unknownCosts].join(", ")}, CAST(${count} AS BIGINT) AS row_count, ${sums.join(", ")} FROM ${table} GROUP BY ALL)`;
}

const extraRowsLooked = 50_000;

async function readManifest(engine: DuckDB): Promise<Omit<GenerationManifest, "bytes">> {
  const big = exactColumns
    .map((column) => `coalesce(bool_or(${exactNames(column).big} <> 0), false) AS "${column}"`)
    .join(", ");
  const [facts] = await engine.rows(
    `SELECT count(*) AS n, CAST(min(CAST("ChargePeriodStart" AS DATE)) AS VARCHAR) AS first, CAST(max(CAST("ChargePeriodStart" AS DATE)) + 1 AS VARCHAR) AS last, (SELECT CASE WHEN min("BillingCurrency") = max("BillingCurrency") AND count("BillingCurrency") = count(*) THEN min("BillingCurrency") END FROM combos) AS currency, ${big} FROM facts`,
  );
  const names = await engine.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'period'");
  const tables = await engine.rows(
    names
      .map(({ table_name }) => `SELECT '${table_name}' AS name, count(*) AS n FROM ${table_name}`)
      .join(" UNION ALL "),
  );
  const rollups = await Promise.all(
    names
      .map(({ table_name }) => table_name!)
      .filter((name) => name.startsWith("rollup_"))
      .map((name) => engine.rows(`SELECT ${big} FROM ${name}`)),
  );
  const tagKeys = await engine.rows(
    "SELECT key, count(*) AS n FROM (SELECT unnest(map_keys(tag_map)) AS key FROM combos) GROUP BY key ORDER BY n DESC, key LIMIT 5000",
  );
  // Every row has nearly the same columns: looking into all of them would take as long as building the table.
  const percent = Math.min(100, Math.max(0.1, (100 * extraRowsLooked) / Math.max(1, Number(facts!.n))));
  const extraKeys = await engine.rows(
    `SELECT DISTINCT unnest(json_keys(extras)) AS key FROM (SELECT DISTINCT "${bookkeeping.extras}" AS extras FROM facts TABLESAMPLE system(${percent}%)) WHERE extras IS NOT NULL ORDER BY key LIMIT 1000`,
  );
  return {
    rows: Number(facts!.n),
    chargeStart: facts!.first ?? null,
    chargeEnd: facts!.last ?? null,
    tables: Object.fromEntries(tables.map((table) => [table.name!, Number(table.n)])),
    bigColumns: exactColumns.filter((column) => facts![column] === "true"),
    bigSums: exactColumns.filter((column) => rollups.some(([rollup]) => rollup![column] === "true")),
    currency: facts!.currency ?? null,
    tagKeys: tagKeys.map((row) => row.key!),
    extraKeys: extraKeys.map((row) => row.key!),
  };
}

function emptyText(column: string): string {
  return `CAST(NULL AS VARCHAR) AS ${quoted(column)}`;
}

function quoted(column: string): string {
  return `"${column}"`;
}
