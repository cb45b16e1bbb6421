import type { RowCondition } from "../model/measures.ts";
import { type Dimension, getDimension, tablesOf } from "../model/dimensions.ts";
import { bookkeeping } from "../tables/cost-columns.ts";
import { exactNames } from "../tables/exact-decimal.ts";
import type { Arguments } from "./arguments.ts";
import type { CostFilter } from "./cost-query.ts";
import type { CostDialect } from "./cost-store.ts";
import { currencyOf } from "./join-periods.ts";
import {
  aggregateNeedsCombos,
  type Branch,
  dimensionsOf,
  needsCombos,
  type Plan,
  type PlannedPart,
  rowsOf,
} from "./plan.ts";
import { renderFilter } from "./render-filter.ts";

/**
 * The groups of one branch as a SELECT: `k0…`, `t`, `c`, and for each part the columns that `render-sql.ts` names. Where they are
 * merged with those of others, and a branch has few rows, these are given as they are: each is a group.
 */
export function renderBranch(
  branch: Branch,
  plan: Plan,
  dialect: CostDialect,
  args: Arguments,
  { isMerged }: { isMerged: boolean },
): string {
  const isGrouped = !isMerged || rowsOf(branch) > fewRows || plan.parts.some((part) => "distinct" in part.aggregate);
  const { where, needsJoin } = filterBranch(branch, plan.filter, dialect, args);
  const known = currencyOf(branch.generations);
  const readsCombos =
    needsJoin ||
    [...plan.keys, ...(known === null ? [getDimension("billingCurrency")] : [])].some((key) =>
      needsCombos(key, branch.table, dialect),
    ) ||
    plan.parts.some((part) => "oneOf" in part.aggregate || aggregateNeedsCombos(part.aggregate, branch.table, dialect));
  const rows = `${dialect.table(branch, branch.table)} AS f`;
  const condition = where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`;
  const time = plan.grain === null ? "NULL" : timeSql(plan.grain, branch, dialect);
  const currency = (text: "f" | "combos") => (known === null ? `${text}."BillingCurrency"` : args.bind(known, "text"));
  const key = (dimension: Dimension) =>
    columnSql(dimension, branch, dialect, args, needsCombos(dimension, branch.table, dialect));
  if (isGrouped && readsCombos && !needsJoin && !plan.parts.some((part) => "distinct" in part.aggregate)) {
    const byCombo = sumByCombo(branch, plan, dialect, key, `${rows}${condition}`, time);
    const keys = plan.keys.map((dimension, index) =>
      needsCombos(dimension, branch.table, dialect) ? key(dimension) : `f.k${index}`,
    );
    return selectGroups(plan, branch, dialect, {
      keys,
      time: "f.t",
      currency: currency("combos"),
      text: "combos",
      isSummed: true,
      isGrouped,
      from: joinCombos(`(${byCombo}) AS f`, branch, dialect, args),
    });
  }
  const text = readsCombos ? "combos" : "f";
  return selectGroups(plan, branch, dialect, {
    keys: plan.keys.map(key),
    time,
    currency: currency(text),
    text,
    isSummed: branch.table !== "facts",
    isGrouped,
    from: `${readsCombos ? joinCombos(rows, branch, dialect, args) : rows}${condition}`,
  });
}

/**
 * The conditions on a branch's rows of alias `f`. Parts of the filter over combinations alone pick their numbers first, a small
 * table; only a part that mixes them with the rows' own columns needs the join below the filter.
 */
export function filterBranch(
  branch: Branch,
  filter: CostFilter | null,
  dialect: CostDialect,
  args: Arguments,
): { where: string[]; needsJoin: boolean } {
  const where = [
    ...dialect.within(branch, "f", (value, type) => args.bind(value, type)),
    ...dayCondition(branch, dialect, args),
  ];
  let needsJoin = false;
  for (const part of conjuncts(filter)) {
    const dimensions = dimensionsOf(part);
    const isOfCombos = dimensions.every(
      (dimension) => needsCombos(dimension, "rollup_combo", dialect) && tablesOf(dimension).includes("rollup_combo"),
    );
    const readsCombos = dimensions.some((dimension) => needsCombos(dimension, branch.table, dialect));
    const condition = renderFilter(
      part,
      (dimension) =>
        columnSql(
          dimension,
          branch,
          dialect,
          args,
          readsCombos && (isOfCombos || needsCombos(dimension, branch.table, dialect)),
        ),
      dialect,
      args,
    );
    if (readsCombos && isOfCombos)
      where.push(
        `(${keyOf("f", dialect)}) IN (SELECT ${keyOf("combos", dialect)} FROM ${combosOf(branch, dialect, args)} WHERE ${condition})`,
      );
    else where.push(condition);
    needsJoin ||= readsCombos && !isOfCombos;
  }
  return { where, needsJoin };
}

function conjuncts(filter: CostFilter | null): CostFilter[] {
  if (filter === null) return [];
  return "and" in filter ? filter.and.flatMap(conjuncts) : [filter];
}

/** Rows of alias `f` with their combinations as `combos`. */
export function joinCombos(rows: string, branch: Branch, dialect: CostDialect, args: Arguments): string {
  return `${rows} JOIN ${combosOf(branch, dialect, args)} USING (${dialect.comboKey.join(", ")})`;
}

function combosOf(branch: Branch, dialect: CostDialect, args: Arguments): string {
  const table = `${dialect.table(branch, "combos")} AS combos`;
  const within = dialect.within(branch, "combos", (value, type) => args.bind(value, type));
  return within.length === 0 ? table : `(SELECT * FROM ${table} WHERE ${within.join(" AND ")}) AS combos`;
}

function keyOf(alias: "f" | "combos", { comboKey }: CostDialect): string {
  return comboKey.map((column) => `${alias}.${column}`).join(", ");
}

/** By the columns that stand first. An engine may leave constants out of `GROUP BY ALL`, and then has a group of no rows. */
export function groupByFirst(columns: number): string {
  return `GROUP BY ${Array.from({ length: columns }, (_, index) => index + 1).join(", ")}`;
}

interface GroupSource {
  keys: readonly string[];
  time: string;
  currency: string;
  /** Which alias has the columns that conditions are read from. */
  text: "f" | "combos";
  /** True when a row of `f` stands for `row_count` charges. */
  isSummed: boolean;
  /** False where each row is given by itself. */
  isGrouped: boolean;
  from: string;
}

/** Of so many, all steps of grouping take longer than the rows do. */
const fewRows = 30_000;

function selectGroups(plan: Plan, branch: Branch, dialect: CostDialect, source: GroupSource): string {
  const keys = source.keys.map((key, index) => `${key} AS k${index}`);
  const parts = plan.parts.flatMap((part, index) => readColumns(part, index, branch, dialect, source));
  return `SELECT ${[...keys, `${source.time} AS t`, `${source.currency} AS c`, ...parts].join(", ")} FROM ${source.from}${source.isGrouped ? ` ${groupByFirst(keys.length + 2)}` : ""}`;
}

/** The rows summed by combination, before they are joined with it: integers are quick to group. */
function sumByCombo(
  branch: Branch,
  plan: Plan,
  dialect: CostDialect,
  key: (dimension: Dimension) => string,
  from: string,
  time: string,
): string {
  const own = plan.keys.flatMap((dimension, index) =>
    needsCombos(dimension, branch.table, dialect) ? [] : [`${key(dimension)} AS k${index}`],
  );
  const known = [...new Set(plan.parts.flatMap((part) => (part.aggregate.where ?? []).flatMap(knownColumns)))];
  // A sum hides which rows had no value, so rows with and without one are kept apart, as in the rollups.
  const flags = known.map((column) => `(f."${column}" IS NULL) AS "${column}_unknown"`);
  const summed = new Set([
    ...plan.parts.flatMap((part) => ("sum" in part.aggregate ? [part.aggregate.sum as string] : [])),
    ...known,
  ]);
  const sums = [...summed].flatMap((column) => {
    const names = exactNames(column);
    const parts = hasBig(column, branch) ? (["main", "lo", "big"] as const) : (["main", "lo"] as const);
    return parts.map((part) => `${dialect.sum(`f.${names[part]}`, part, null)} AS ${names[part]}`);
  });
  const count = branch.table === "facts" ? dialect.countIf(null) : dialect.sum("f.row_count", "count", null);
  const groups = [...dialect.comboKey.map((column) => `f.${column}`), ...own, `${time} AS t`, ...flags];
  return `SELECT ${[...groups, `${count} AS row_count`, ...sums].join(", ")} FROM ${from} ${groupByFirst(groups.length)}`;
}

function hasBig(column: string, { table, generations }: Branch): boolean {
  return generations.some(({ manifest }) =>
    (table === "facts" ? manifest.bigColumns : manifest.bigSums).some((big) => big === column),
  );
}

/** A part's columns read from a branch: an exact sum has three. */
function readColumns(
  { aggregate }: PlannedPart,
  index: number,
  branch: Branch,
  dialect: CostDialect,
  source: GroupSource,
): string[] {
  const condition = conditionSql(aggregate.where ?? [], source);
  const whereTrue = (value: string) => (condition === null ? value : `CASE WHEN ${condition} THEN ${value} END`);
  if ("oneOf" in aggregate) {
    const value = whereTrue(`coalesce(combos."${aggregate.oneOf}", '')`);
    const [min, max] = source.isGrouped ? [`min(${value})`, `max(${value})`] : [value, value];
    return [`${min} AS p${index}_min`, `${max} AS p${index}_max`];
  }
  if ("distinct" in aggregate) return [`${dialect.distinctList(`f."${aggregate.distinct}"`, condition)} AS p${index}`];
  const sum = (value: string, kind: "count" | "main" | "lo" | "big") =>
    source.isGrouped ? dialect.sum(value, kind, condition) : whereTrue(value);
  if ("count" in aggregate) {
    const one = condition === null ? "1" : `CASE WHEN ${condition} THEN 1 ELSE 0 END`;
    const rows = source.isGrouped ? dialect.countIf(condition) : one;
    return [`${source.isSummed ? sum("f.row_count", "count") : rows} AS p${index}`];
  }
  const { main, lo, big } = exactNames(aggregate.sum);
  const bigSum = hasBig(aggregate.sum, branch) ? sum(`f.${big}`, "big") : "CAST(NULL AS DECIMAL(38,8))";
  return [
    `${sum(`f.${main}`, "main")} AS p${index}`,
    `${sum(`f.${lo}`, "lo")} AS p${index}_lo`,
    `${bigSum} AS p${index}_big`,
  ];
}

function conditionSql(conditions: readonly RowCondition[], source: GroupSource): string | null {
  if (conditions.length === 0) return null;
  const one = (condition: RowCondition): string => {
    if ("any" in condition) return `(${condition.any.map(one).join(" OR ")})`;
    if ("known" in condition) return `f."${condition.column}" IS ${condition.known ? "NOT " : ""}NULL`;
    const column = `${source.text}."${condition.column}"`;
    return "is" in condition ? `${column} = '${condition.is}'` : `${column} IS DISTINCT FROM '${condition.isNot}'`;
  };
  return conditions.map(one).join(" AND ");
}

function knownColumns(condition: RowCondition): string[] {
  if ("any" in condition) return condition.any.flatMap(knownColumns);
  return "known" in condition ? [condition.column] : [];
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

/** A bucket of time as text. */
export function timeText(grain: Plan["grain"], time: string, dialect: CostDialect): string {
  return grain === "hour" ? dialect.hourText(time) : dialect.asText(time);
}

/** A dimension's value as text. `fromCombos` says which alias has it, for columns that both may have. */
export function columnSql(
  dimension: Dimension,
  branch: Branch,
  dialect: CostDialect,
  args: Arguments,
  fromCombos: boolean,
): string {
  if (dimension.source === "tag") return dialect.tag("combos.tag_map", args.bind(dimension.key, "text"));
  if (dimension.source === "tagKeys") return dialect.tagKeys("combos.tag_map");
  if (dimension.source === "extra")
    return dialect.jsonText(`f."${bookkeeping.extras}"`, args.bind(dimension.key, "text"));
  if (dimension.source === "file") return dialect.billFile(branch);
  if (dimension.source === "time") return timeText(dimension.part, timeSql(dimension.part, branch, dialect), dialect);
  if (dimension.column === "BillingPeriodStart")
    return branch.generations.length > 1 && dialect.sharedPeriod !== null
      ? dialect.sharedPeriod("f")
      : `'${branch.generations[0].billingPeriod}'`;
  const column = `${fromCombos ? "combos" : "f"}."${dimension.column}"`;
  if (dimension.families === undefined) return column;
  const cases = dimension.families.map(
    ({ name, values }) => `WHEN lower(${column}) IN (${values.map((value) => `'${value}'`).join(", ")}) THEN '${name}'`,
  );
  return `CASE ${cases.join(" ")} ELSE ${column} END`;
}
