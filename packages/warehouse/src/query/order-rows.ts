import { exactNames } from "../tables/exact-decimal.ts";
import { Arguments } from "./arguments.ts";
import type {
  CostAccess,
  CostDialect,
  CostStore,
  PinnedGeneration,
  ParameterType,
  ReadOptions,
  Statement,
} from "./cost-store.ts";
import { notACursor } from "./cursor.ts";
import { type Branch, needsCombos, type Plan } from "./plan.ts";
import { columnSql, filterBranch, joinCombos } from "./render-branch.ts";
import type { RowColumn } from "./run-rows-query.ts";

/** Where a charge row stands: the place of its period in the plan, and its number there. */
export interface RowPlace {
  branch: number;
  row: string;
}

export interface RowOrder {
  column: RowColumn;
  direction: "asc" | "desc";
}

/**
 * The places of the next rows in the order of a column, over all periods; what has no value comes last, and what is equal
 * follows in the order of the bills. A page goes on behind its last row's own values, so a late page costs what the first does.
 */
export async function findOrderedPlaces(
  store: CostStore,
  access: CostAccess,
  plan: Pick<Plan, "branches" | "filter">,
  order: RowOrder,
  page: { after: RowPlace | null; count: number },
  options: ReadOptions,
): Promise<{ places: RowPlace[]; sql: string }> {
  if (plan.branches.length === 0) return { places: [], sql: "" };
  const generations = plan.branches.map((branch) => branch.generations[0]);
  const read = (statement: Statement, from: readonly PinnedGeneration[]) =>
    store.read(access.tenantId, from, statement, options);
  const lookUp = async ({ branch, row }: RowPlace) => {
    const statement = renderKeys(plan, order, { branch, row }, store.dialect);
    const [found] = statement === null ? [] : await read(statement, [generations[branch]!]);
    // A row that the caller may not see is none either.
    if (found === undefined) throw notACursor();
    return [found.v0 ?? null, found.v1 ?? null];
  };
  const after = page.after === null ? null : { place: page.after, values: await lookUp(page.after) };
  const statement = renderPlaces(plan, order, after, page.count, store.dialect);
  const found = await read(statement, generations);
  return { places: found.map(({ b, r }) => ({ branch: Number(b), row: r! })), sql: statement.sql };
}

type KeyType = Exclude<ParameterType, "day">;

/** What rows are compared by, most important first. The two parts of an exact value compare as the value does. */
function keysOf(
  { branches }: Pick<Plan, "branches">,
  { column }: RowOrder,
  branch: Branch,
  dialect: CostDialect,
  args: Arguments,
): { sql: string; type: KeyType }[] {
  if (column.kind === "instant") return [{ sql: `f."${column.column}"`, type: "instant" }];
  if (column.kind === "dimension")
    return [
      {
        sql: columnSql(column.dimension, branch, dialect, args, needsCombos(column.dimension, branch.table, dialect)),
        type: "text",
      },
    ];
  const { main, lo, big } = exactNames(column.column);
  // Where no line of any period is big, rows are compared as integers, several times as fast.
  const isBig = branches.some(({ generations }) =>
    generations[0].manifest.bigColumns.some((one) => one === column.column),
  );
  return [
    { sql: isBig ? `(CAST(f.${main} AS DECIMAL(38,8)) + f.${big})` : `f.${main}`, type: isBig ? "decimal" : "money" },
    { sql: `f.${lo}`, type: "integer" },
  ];
}

function sourceOf(
  plan: Pick<Plan, "filter">,
  { column }: RowOrder,
  branch: Branch,
  dialect: CostDialect,
  args: Arguments,
): { from: string; where: string[] } {
  const { where, needsJoin } = filterBranch(branch, plan.filter, dialect, args);
  const readsCombos =
    needsJoin || (column.kind === "dimension" && needsCombos(column.dimension, branch.table, dialect));
  const facts = `${dialect.table(branch, branch.table)} AS f`;
  return { from: readsCombos ? joinCombos(facts, branch, dialect, args) : facts, where };
}

/** The values that one row is compared by, where the caller may see it; null for a period that is not in the plan. */
function renderKeys(
  plan: Pick<Plan, "branches" | "filter">,
  order: RowOrder,
  place: RowPlace,
  dialect: CostDialect,
): Statement | null {
  const branch = plan.branches[place.branch];
  if (branch === undefined) return null;
  const args = new Arguments(dialect);
  const values = keysOf(plan, order, branch, dialect, args).map(
    ({ sql }, index) => `${dialect.asText(sql)} AS v${index}`,
  );
  const { from, where } = sourceOf(plan, order, branch, dialect, args);
  const condition = [...where, `${dialect.rowNumber} = ${args.bind(place.row, "integer")}`].join(" AND ");
  return { sql: `SELECT ${values.join(", ")} FROM ${from} WHERE ${condition}`, args: args.values };
}

/** `b`, the place of the period, and `r`, the number of the row, in order. */
function renderPlaces(
  plan: Pick<Plan, "branches" | "filter">,
  order: RowOrder,
  after: { place: RowPlace; values: (string | null)[] } | null,
  count: number,
  dialect: CostDialect,
): Statement {
  const args = new Arguments(dialect);
  const branches = plan.branches.map((branch, index) => {
    const keys = keysOf(plan, order, branch, dialect, args);
    const { from, where } = sourceOf(plan, order, branch, dialect, args);
    const behind = after === null ? [] : [isBehind(keys, order, after, index, dialect, args)];
    const condition = [...where, ...behind];
    const selected = keys.map(({ sql }, key) => `${sql} AS v${key}`);
    return `SELECT ${index} AS b, ${dialect.rowNumber} AS r, ${selected.join(", ")} FROM ${from}${condition.length === 0 ? "" : ` WHERE ${condition.join(" AND ")}`}`;
  });
  const compared = order.column.kind === "exact" ? ["v0", "v1"] : ["v0"];
  const by = compared.map((key) => `${key} ${order.direction.toUpperCase()} NULLS LAST`);
  return {
    sql: `SELECT b, r FROM (${branches.join("\n UNION ALL ")}) ORDER BY ${[...by, "b", "r"].join(", ")} LIMIT ${args.bind(count, "integer")}`,
    args: args.values,
  };
}

function isBehind(
  keys: readonly { sql: string; type: KeyType }[],
  { direction }: RowOrder,
  { place, values }: { place: RowPlace; values: (string | null)[] },
  branch: number,
  dialect: CostDialect,
  args: Arguments,
): string {
  const tie =
    branch === place.branch
      ? `${dialect.rowNumber} > ${args.bind(place.row, "integer")}`
      : branch > place.branch
        ? "true"
        : "false";
  const first = keys[0]!.sql;
  if (values[0] === null) return `(${first} IS NULL AND ${tie})`;
  const sign = direction === "asc" ? ">" : "<";
  const condition = keys.reduceRight((rest, { sql, type }, index) => {
    const value = () => args.bind(values[index]!, type);
    return `(${sql} ${sign} ${value()} OR (${sql} = ${value()} AND ${rest}))`;
  }, tie);
  return `(${first} IS NULL OR ${condition})`;
}
