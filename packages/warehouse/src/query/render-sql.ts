import type { Aggregate, RowCondition } from "../model/measures.ts";
import type { Dimension } from "../model/dimensions.ts";
import { exactNames } from "../tables/exact-decimal.ts";
import { bookkeeping } from "../tables/cost-columns.ts";
import { Arguments } from "./arguments.ts";
import type { CostDialect, Statement } from "./cost-store.ts";
import { type Branch, dimensionsOf, needsCombos, type Plan, type PlannedPart } from "./plan.ts";
import { renderFilter } from "./render-filter.ts";

export interface RenderOptions {
  /** Index into the plan's parts whose measure orders the groups, with its direction; null orders by key. */
  order: { terms: readonly { part: number; sign: 1 | -1 }[]; direction: "asc" | "desc" } | null;
  /** Keep so many groups per currency over all of time; the rest is `(other)` or left out. */
  top: { count: number; other: boolean } | null;
  limit: number;
  offset: number;
}

/**
 * One statement: the groups of every branch, merged, cut to the top, a page of them, and the totals per currency.
 * Columns: `kind` (row or total), `k0…`, `other`, `t`, `c`, and for each part `p0…` (`_lo`, `_big` for exact sums,
 * `_min`, `_max` for one-of).
 */
export function renderQuery(plan: Plan, options: RenderOptions, dialect: CostDialect): Statement {
  const args = new Arguments(dialect);
  if (plan.branches.length === 0) return { sql: "", args: [] };
  const branches = plan.branches.map((branch) => renderBranch(branch, plan, dialect, args));
  const keys = plan.keys.map((_, index) => `k${index}`);
  const merged = plan.parts.flatMap((part, index) => mergeColumns(part, `p${index}`, dialect));
  const groupKeys = [...keys, "t", "c"];
  const order = orderSql(plan, options, dialect);
  const ctes = [`branches AS (${branches.join("\n UNION ALL ")})`, `groups AS MATERIALIZED (SELECT ${[...groupKeys, ...merged].join(", ")} FROM branches GROUP BY ${groupKeys.join(", ")})`];
  if (options.top !== null && keys.length > 0) ctes.push(rankCte(keys, plan, order, dialect));
  const source = options.top !== null && keys.length > 0 ? topSource(keys, plan, options.top, dialect, args) : `SELECT ${[...keys, "false AS other", "t", "c", ...partNames(plan)].join(", ")} FROM groups`;
  const sorted = [...(plan.grain === null ? [] : ["t"]), "other", ...(order === null ? [] : [`${order} ${options.order!.direction.toUpperCase()} NULLS LAST`]), ...keys, "c"];
  const page = `SELECT 'row' AS kind, *, row_number() OVER (ORDER BY ${sorted.join(", ")}) AS place FROM (${source}) ORDER BY place LIMIT ${args.bind(options.limit, "integer")} OFFSET ${args.bind(options.offset, "integer")}`;
  const totals = plan.parts.flatMap((part, index) => mergeColumns(part, `p${index}`, dialect));
  const total = `SELECT 'total' AS kind, ${keys.map((key) => `NULL AS ${key}, `).join("")}false AS other, NULL AS t, c, ${totals.join(", ")}, 0 AS place FROM groups GROUP BY c`;
  const output = ["kind", ...keys, "other", `${dialect.asText("t")} AS t`, "c", ...partNames(plan).map((name) => finalColumn(name, plan, dialect))];
  return { sql: `WITH ${ctes.join(",\n")}\nSELECT ${output.join(", ")} FROM ((${page}) UNION ALL (${total})) ORDER BY kind, place`, args: args.values };
}

/** The groups of one period. Where `combos` is needed, facts are summed by combination first: integers are quick to group. */
function renderBranch(branch: Branch, plan: Plan, dialect: CostDialect, args: Arguments): string {
  const filterDimensions = dimensionsOf(plan.filter);
  const filterNeedsJoin = filterDimensions.some((dimension) => needsCombos(dimension, branch.table));
  const filterIsOfCombos = filterDimensions.every((dimension) => dimension.source === "tag" || (dimension.source === "column" && needsCombos(dimension, "rollup_combo")));
  const keyNeedsJoin = plan.keys.some((key) => needsCombos(key, branch.table)) || branch.table === "rollup_combo" || plan.parts.some((part) => "oneOf" in part.aggregate || partNeedsCombos(part, branch));
  const table = `${dialect.table(branch.generation, branch.table)} AS f`;
  const combos = `${dialect.table(branch.generation, "combos")} AS combos`;
  const where = dayCondition(branch, dialect, args);
  // A filter over combinations alone picks their numbers first; one that also reads facts needs the join below the filter.
  const joinBelow = filterNeedsJoin && !filterIsOfCombos;
  if (plan.filter !== null) {
    if (filterNeedsJoin && filterIsOfCombos) where.push(`f.combo_id IN (SELECT combo_id FROM ${combos} WHERE ${renderFilter(plan.filter, (dimension) => columnSql(dimension, branch, dialect, args, true), dialect, args)})`);
    else where.push(renderFilter(plan.filter, (dimension) => columnSql(dimension, branch, dialect, args, needsCombos(dimension, branch.table)), dialect, args));
  }
  const condition = where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`;
  const time = plan.grain === null ? "NULL" : timeSql(plan.grain, branch, dialect);
  const select = (key: (dimension: Dimension) => string) => plan.keys.map((dimension, index) => `${key(dimension)} AS k${index}`);
  if (!keyNeedsJoin || joinBelow) {
    const columns = [...select((dimension) => columnSql(dimension, branch, dialect, args, needsCombos(dimension, branch.table))), `${time} AS t`, `${currencySql(branch)} AS c`, ...plan.parts.flatMap((part, index) => readColumns(part, index, branch, dialect))];
    const from = joinBelow || branch.table === "rollup_combo" ? `${table} JOIN ${combos} USING (combo_id)` : table;
    return `SELECT ${columns.join(", ")} FROM ${from}${condition} GROUP BY ${[...plan.keys.map((_, index) => `k${index}`), "t", "c"].join(", ")}`;
  }
  return joinAboveBranch(branch, plan, dialect, args, `${table}${condition}`, time);
}

function joinAboveBranch(branch: Branch, plan: Plan, dialect: CostDialect, args: Arguments, from: string, time: string): string {
  const own = plan.keys.map((key, index) => ({ key, index })).filter(({ key }) => !needsCombos(key, branch.table));
  // Conditions on columns of the combinations are read in the outer query; those on costs being known need the row.
  const innerKeys = ["f.combo_id", ...own.map(({ key, index }) => `${columnSql(key, branch, dialect, args, false)} AS k${index}`), `${time} AS t`, ...knownFlags(plan)];
  const names = ["combo_id", ...own.map(({ index }) => `k${index}`), "t", ...knownFlags(plan).map((flag) => flag.split(" AS ")[1]!)];
  const sums = exactSumsOf(plan).flatMap((column) => Object.values(exactNames(column)).map((name) => `sum(f.${name}) AS ${name}`));
  const count = branch.table === "facts" ? "count(*)" : "sum(f.row_count)";
  const inner = `SELECT ${[...innerKeys, `${count} AS row_count`, ...sums].join(", ")} FROM ${from} GROUP BY ${names.map((name) => (name === "combo_id" ? "f.combo_id" : name)).join(", ")}`;
  const outerKeys = plan.keys.map((key, index) => (needsCombos(key, branch.table) ? `${columnSql(key, branch, dialect, args, true)} AS k${index}` : `s.k${index} AS k${index}`));
  const outer = [...outerKeys, "s.t AS t", `combos."BillingCurrency" AS c`, ...plan.parts.flatMap((part, index) => readColumns(part, index, { ...branch, table: "rollup_combo" }, dialect, "s"))];
  return `SELECT ${outer.join(", ")} FROM (${inner}) AS s JOIN ${dialect.table(branch.generation, "combos")} AS combos USING (combo_id) GROUP BY ${[...plan.keys.map((_, index) => `k${index}`), "t", "c"].map((name) => (name.startsWith("k") ? name : name)).join(", ")}`;
}

// In the inner sums a NULL must stay NULL: rows with and without a known cost are kept apart, as in the rollups.
function knownFlags(plan: Plan): string[] {
  const columns = new Set(plan.parts.flatMap((part) => (part.aggregate.where ?? []).flatMap(knownColumns)));
  return [...columns].map((column) => `(f."${column}" IS NULL) AS "${column}_unknown"`);
}

function knownColumns(condition: RowCondition): string[] {
  if ("any" in condition) return condition.any.flatMap(knownColumns);
  return "known" in condition ? [condition.column] : [];
}

function exactSumsOf(plan: Plan): string[] {
  const summed = plan.parts.flatMap((part) => ("sum" in part.aggregate ? [part.aggregate.sum as string] : []));
  return [...new Set([...summed, ...plan.parts.flatMap((part) => (part.aggregate.where ?? []).flatMap(knownColumns))])];
}

function dayCondition(branch: Branch, dialect: CostDialect, args: Arguments): string[] {
  if (branch.days === null) return [];
  const column = branch.table === "facts" ? `f."ChargePeriodStart"` : "f.charge_day";
  return [`${column} >= ${args.bind(branch.days.start, "day")}`, `${column} < ${args.bind(branch.days.end, "day")}`];
}

function timeSql(grain: NonNullable<Plan["grain"]>, branch: Branch, dialect: CostDialect): string {
  if (grain === "hour") return dialect.hour(`f."ChargePeriodStart"`);
  return dialect.bucket(grain, branch.table === "facts" ? dialect.dayOf(`f."ChargePeriodStart"`) : "f.charge_day");
}

function currencySql(branch: Branch): string {
  return branch.table === "rollup_combo" ? `combos."BillingCurrency"` : `f."BillingCurrency"`;
}

export function columnSql(dimension: Dimension, branch: Branch, dialect: CostDialect, args: Arguments, fromCombos: boolean): string {
  if (dimension.source === "tag") return dialect.tag("combos.tag_map", args.bind(dimension.key, "text"));
  if (dimension.source === "extra") return dialect.jsonText(`f."${bookkeeping.extras}"`, args.bind(dimension.key, "text"));
  if (dimension.source === "file") return dialect.asText(`f."${bookkeeping.file}"`);
  if (dimension.source === "time") return dialect.asText(timeSql(dimension.part, branch, dialect));
  if (dimension.column === "BillingPeriodStart") return `'${branch.generation.billingPeriod}'`;
  return `${fromCombos ? "combos" : "f"}."${dimension.column}"`;
}

/** A part's columns read from a branch: an exact sum has three. */
function readColumns(part: PlannedPart, index: number, branch: Branch, dialect: CostDialect, from: "f" | "s" = "f"): string[] {
  const { aggregate } = part;
  const condition = conditionSql(aggregate.where ?? [], branch, from);
  if ("oneOf" in aggregate) {
    const value = `CASE WHEN ${condition ?? "true"} THEN combos."${aggregate.oneOf}" END`;
    return [`min(${value}) AS p${index}_min`, `max(${value}) AS p${index}_max`];
  }
  if ("distinct" in aggregate) return [`${dialect.distinctList(`f."${aggregate.distinct}"`, condition)} AS p${index}`];
  if ("count" in aggregate) return [`${branch.table === "facts" ? dialect.countIf(condition) : dialect.sumIf(`${from}.row_count`, condition)} AS p${index}`];
  const { main, lo, big } = exactNames(aggregate.sum);
  const hasBig = branch.generation.manifest.bigColumns.includes(aggregate.sum) || branch.table !== "facts";
  return [`${dialect.sumIf(`${from}.${main}`, condition)} AS p${index}`, `${dialect.sumIf(`${from}.${lo}`, condition)} AS p${index}_lo`, `${hasBig ? dialect.sumIf(`${from}.${big}`, condition) : "CAST(NULL AS DECIMAL(38,8))"} AS p${index}_big`];
}

function conditionSql(conditions: readonly RowCondition[], branch: Branch, from: "f" | "s"): string | null {
  if (conditions.length === 0) return null;
  const one = (condition: RowCondition): string => {
    if ("any" in condition) return `(${condition.any.map(one).join(" OR ")})`;
    if ("known" in condition) return `${from}."${condition.column}" IS ${condition.known ? "NOT " : ""}NULL`;
    const column = `${branch.table === "rollup_combo" ? "combos" : from}."${condition.column}"`;
    return "is" in condition ? `${column} = '${condition.is}'` : `${column} IS DISTINCT FROM '${condition.isNot}'`;
  };
  return conditions.map(one).join(" AND ");
}

function partNeedsCombos(part: PlannedPart, branch: Branch): boolean {
  return branch.table === "rollup_combo" && (part.aggregate.where ?? []).length > 0;
}

/** Merges the partial aggregates of several branches or groups. */
function mergeColumns(part: PlannedPart, name: string, dialect: CostDialect): string[] {
  if ("oneOf" in part.aggregate) return [`min(${name}_min) AS ${name}_min`, `max(${name}_max) AS ${name}_max`];
  if ("distinct" in part.aggregate) return [`list(${name}) AS ${name}`.replace(`list(${name})`, `flatten(list(${name}))`)];
  if ("count" in part.aggregate) return [`sum(${name}) AS ${name}`];
  return [`sum(${name}) AS ${name}`, `sum(${name}_lo) AS ${name}_lo`, `sum(${name}_big) AS ${name}_big`];
}

function partNames(plan: Plan): string[] {
  return plan.parts.flatMap((part, index) => {
    if ("oneOf" in part.aggregate) return [`p${index}_min`, `p${index}_max`];
    if ("sum" in part.aggregate) return [`p${index}`, `p${index}_lo`, `p${index}_big`];
    return [`p${index}`];
  });
}

function finalColumn(name: string, plan: Plan, dialect: CostDialect): string {
  const part = plan.parts[Number(/^p(\d+)/.exec(name)![1])]!;
  return "distinct" in part.aggregate ? `${dialect.mergedDistinctCount(name)} AS ${name}` : name;
}

function orderSql(plan: Plan, options: RenderOptions, dialect: CostDialect): string | null {
  if (options.order === null) return null;
  const terms = options.order.terms.map(({ part, sign }) => {
    const aggregate = plan.parts[part]!.aggregate as Aggregate;
    const value = "sum" in aggregate ? dialect.approximate(`p${part}`, `p${part}_lo`, `p${part}_big`) : `p${part}`;
    return `${sign === 1 ? "+" : "-"} coalesce(${value}, 0)`;
  });
  return `(0 ${terms.join(" ")})`;
}

function rankCte(keys: readonly string[], plan: Plan, order: string | null, dialect: CostDialect): string {
  const merged = plan.parts.flatMap((part, index) => mergeColumns(part, `p${index}`, dialect));
  return `ranks AS (SELECT ${keys.join(", ")}, c, row_number() OVER (PARTITION BY c ORDER BY ${order === null ? "" : `${order} DESC, `}${keys.join(", ")}) AS place FROM (SELECT ${keys.join(", ")}, c, ${merged.join(", ")} FROM groups GROUP BY ${keys.join(", ")}, c))`;
}

function topSource(keys: readonly string[], plan: Plan, top: NonNullable<RenderOptions["top"]>, dialect: CostDialect, args: Arguments): string {
  const merged = plan.parts.flatMap((part, index) => mergeColumns(part, `p${index}`, dialect));
  const isTop = `ranks.place <= ${args.bind(top.count, "integer")}`;
  const same = [...keys.map((key) => `ranks.${key} IS NOT DISTINCT FROM groups.${key}`), "ranks.c = groups.c"].join(" AND ");
  const chosen = keys.map((key) => `CASE WHEN is_top THEN ${key} END AS ${key}`);
  const joined = `SELECT groups.*, ${isTop} AS is_top FROM groups JOIN ranks ON ${same}`;
  return `SELECT ${[...chosen, "NOT is_top AS other", "t", "c", ...merged].join(", ")} FROM (${joined})${top.other ? "" : " WHERE is_top"} GROUP BY ALL`;
}
