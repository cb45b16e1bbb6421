import type { Aggregate } from "../model/measures.ts";
import { Arguments } from "./arguments.ts";
import type { CostDialect, Statement } from "./cost-store.ts";
import type { Plan, PlannedPart } from "./plan.ts";
import { currencyOf, joinPeriods } from "./join-periods.ts";
import { groupByFirst, renderBranch, timeText } from "./render-branch.ts";

/** A measure as the sum of some of the plan's parts, each added or taken away. */
export type MeasureTerms = readonly { part: number; sign: 1 | -1 }[];

export interface RenderOptions {
  /** After time and `(other)`, groups come by this; then by their keys. */
  order: { by: { measure: MeasureTerms } | { key: number } | "time" | null; direction: "asc" | "desc" };
  /** Keep so many groups per currency over all of time; the rest is `(other)` or left out. */
  top: RenderTop | null;
  limit: number;
  offset: number;
}

export interface RenderTop {
  count: number;
  other: boolean;
  /** What the groups are ranked by, biggest first: parts of the ranked plan. */
  by: MeasureTerms;
  /** The plan whose groups are ranked: the plan itself, or for a comparison the plan that it is held against. */
  among: Plan;
}

/**
 * One statement: the groups of every branch, merged, cut to the top, a page of them, and then the totals per currency.
 * Columns: `kind` (row or total), `k0…`, `other`, `t`, `c`, and for each part `p0…` (`_lo`, `_big` for exact sums,
 * `_min`, `_max` for one-of). Null where no period has anything to read. Of small tables, every step costs more than its
 * rows do, so none is taken that a plan can do without. The totals stand behind the page because UNION ALL keeps the order.
 */
export function renderQuery(
  plan: Plan,
  { order, top, limit, offset }: RenderOptions,
  dialect: CostDialect,
): Statement | null {
  if (plan.branches.length === 0) return null;
  const args = new Arguments(dialect);
  const groups = groupsSql(plan, dialect, args);
  const hasTop = top !== null && plan.keys.length > 0;
  const ctes = [`groups AS MATERIALIZED (${groups})`];
  if (hasTop) ctes.push(rankCte(plan, top, dialect, args));
  const source = hasTop ? topSource(plan, top, dialect) : "SELECT *, false AS other FROM groups";
  const cut = `LIMIT ${args.bind(limit, "integer")} OFFSET ${args.bind(offset, "integer")}`;
  const page = `SELECT 'row' AS kind, ${outputOf(plan, timeText(plan.grain, "t", dialect), dialect)} FROM (SELECT * FROM (${source}) ORDER BY ${orderSql(plan, order, dialect)} ${cut})`;
  const noKeys = keysOf(plan).map((key) => `NULL AS ${key}`);
  const total = `SELECT 'total' AS kind, ${outputOf(plan, "NULL", dialect)} FROM (SELECT ${[...noKeys, "false AS other", "c", ...mergedParts(plan, dialect)].join(", ")} FROM groups GROUP BY c)`;
  return { sql: `WITH ${ctes.join(",\n")}\n${page}\nUNION ALL ${total}`, args: args.values };
}

/** The groups of all branches: one branch's are complete as they are, those of several are merged. */
function groupsSql(plan: Plan, dialect: CostDialect, args: Arguments): string {
  const periods = joinPeriods(plan.branches, dialect);
  const isMerged = periods.length > 1;
  const branches = periods.map((branch) => renderBranch(branch, plan, dialect, args, { isMerged }));
  if (!isMerged) return branches[0]!;
  const groups = [...keysOf(plan), "t", "c"];
  return `SELECT ${[...groups, ...mergedParts(plan, dialect)].join(", ")} FROM (${branches.join("\n UNION ALL ")}) ${groupByFirst(groups.length)}`;
}

function outputOf(plan: Plan, time: string, dialect: CostDialect): string {
  return [
    ...keysOf(plan),
    `${dialect.flagText("other")} AS other`,
    `${time} AS t`,
    "c",
    ...plan.parts.flatMap((part, index) => finalColumns(part, index, dialect)),
  ].join(", ");
}

function keysOf(plan: Plan): string[] {
  return plan.keys.map((_, index) => `k${index}`);
}

/** Merges the partial aggregates of several branches or groups. */
function mergedParts(plan: Plan, dialect: CostDialect): string[] {
  return plan.parts.flatMap(({ aggregate }, index) => {
    const name = `p${index}`;
    if ("oneOf" in aggregate) return [`min(${name}_min) AS ${name}_min`, `max(${name}_max) AS ${name}_max`];
    if ("distinct" in aggregate) return [`${dialect.joinLists(name)} AS ${name}`];
    if ("count" in aggregate) return [`${dialect.sum(name, "count", null)} AS ${name}`];
    return [
      `${dialect.sum(name, "main", null)} AS ${name}`,
      `${dialect.sum(`${name}_lo`, "lo", null)} AS ${name}_lo`,
      `${dialect.sum(`${name}_big`, "big", null)} AS ${name}_big`,
    ];
  });
}

function finalColumns({ aggregate }: PlannedPart, index: number, dialect: CostDialect): string[] {
  return "distinct" in aggregate
    ? [`${dialect.countDistinctIn(`p${index}`)} AS p${index}`]
    : partColumns(aggregate, index);
}

/** The names under which a branch gives a part. */
function partColumns(aggregate: Aggregate, index: number): string[] {
  if ("oneOf" in aggregate) return [`p${index}_min`, `p${index}_max`];
  return "sum" in aggregate ? [`p${index}`, `p${index}_lo`, `p${index}_big`] : [`p${index}`];
}

function orderSql(plan: Plan, { by, direction }: RenderOptions["order"], dialect: CostDialect): string {
  const way = direction.toUpperCase();
  const time = plan.grain === null ? [] : [by === "time" ? `t ${way}` : "t"];
  const chosen =
    by === null || by === "time"
      ? []
      : [`${"key" in by ? `k${by.key}` : measureSql(plan, by.measure, dialect)} ${way} NULLS LAST`];
  return [...time, "other", ...chosen, ...keysOf(plan).map((key) => `${key} NULLS LAST`), "c"].join(", ");
}

/** A measure to order by; NULL where one of its parts is missing. */
function measureSql(plan: Plan, terms: MeasureTerms, dialect: CostDialect): string {
  const sum = terms.map(({ part, sign }) => {
    const value =
      "sum" in plan.parts[part]!.aggregate
        ? dialect.approximate(`p${part}`, `p${part}_lo`, `p${part}_big`)
        : `p${part}`;
    return `${sign === 1 ? "+" : "-"} ${value}`;
  });
  return `(0 ${sum.join(" ")})`;
}

/** The groups of all time that are the top, per currency. */
function rankCte(plan: Plan, { among, by, count }: RenderTop, dialect: CostDialect, args: Arguments): string {
  const keys = keysOf(among);
  const groups = among === plan ? "groups" : `(${groupsSql(among, dialect, args)})`;
  // Without a grain, a group stands once already.
  const whole =
    among.grain === null
      ? groups
      : `(SELECT ${[...keys, "c", ...mergedParts(among, dialect)].join(", ")} FROM ${groups} ${groupByFirst(keys.length + 1)})`;
  const order = `ORDER BY ${[`${measureSql(among, by, dialect)} DESC NULLS LAST`, ...keys.map((key) => `${key} NULLS LAST`)].join(", ")}`;
  const chosen = `SELECT ${[...keys, "c", "true AS is_top"].join(", ")} FROM ${whole}`;
  const limit = args.bind(count, "integer");
  return hasOneCurrency(among)
    ? `ranks AS (${chosen} ${order} LIMIT ${limit})`
    : `ranks AS (${chosen} QUALIFY row_number() OVER (PARTITION BY c ${order}) <= ${limit})`;
}

function hasOneCurrency({ branches }: Plan): boolean {
  return currencyOf(branches.flatMap(({ generations }) => generations)) !== null;
}

function topSource(plan: Plan, top: RenderTop, dialect: CostDialect): string {
  const keys = keysOf(plan);
  const same = [...keys.map((key) => `ranks.${key} IS NOT DISTINCT FROM groups.${key}`), "ranks.c = groups.c"].join(
    " AND ",
  );
  // The rest keeps its units, so that its quantities stay figures.
  const chosen = keys.map((key, index) =>
    index < keys.length - plan.unitKeys
      ? `CASE WHEN ranks.is_top THEN groups.${key} END AS ${key}`
      : `groups.${key} AS ${key}`,
  );
  const kept = ["t", "c", ...plan.parts.flatMap(({ aggregate }, index) => partColumns(aggregate, index))].map(
    (column) => `groups.${column} AS ${column}`,
  );
  const joined = `SELECT ${[...chosen, "(ranks.is_top IS NULL) AS other", ...kept].join(", ")} FROM groups AS groups LEFT JOIN ranks AS ranks ON ${same}`;
  const by = [...keys, "other", "t", "c"];
  return `SELECT ${[...by, ...mergedParts(plan, dialect)].join(", ")} FROM (${joined})${top.other ? "" : " WHERE NOT other"} ${groupByFirst(by.length)}`;
}
