import { parsePeriod } from "@finops/kernel/period";
import { type Dimension, getDimension, tagKeyDimension } from "../model/dimensions.ts";
import { exactValue } from "../tables/exact-decimal.ts";
import { Arguments } from "./arguments.ts";
import type { CostFilter, CostValuesAnswer, CostValuesQuery } from "./cost-query.ts";
import type {
  CostAccess,
  CostDialect,
  CostStore,
  PinnedStore,
  ReadOptions,
  Statement,
  StoreRow,
} from "./cost-store.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { joinPeriods } from "./join-periods.ts";
import { type Plan, planQuery, rowsOf } from "./plan.ts";
import { renderBranch } from "./render-branch.ts";

/**
 * The different values of a dimension with their cost and rows, biggest first, a page at a time. What a caller may not see
 * gives no value. Throws `invalid` for a name that does not exist and for a cursor that is none.
 */
export async function runValuesQuery(
  store: CostStore,
  access: CostAccess,
  pinned: PinnedStore,
  query: CostValuesQuery,
  options: ReadOptions = {},
): Promise<CostValuesAnswer> {
  const started = performance.now();
  const dimension = query.dimension === tagKeyDimension.name ? tagKeyDimension : getDimension(query.dimension);
  const plan = planQuery(
    {
      ...query,
      period: parsePeriod(query.period.start, query.period.end),
      groupBy: [dimension],
      measures: [query.measure, "rowCount"],
      filter: narrowed(query, dimension),
    },
    access,
    pinned,
  );
  const offset = query.cursor === undefined ? 0 : decodeCursor(query.cursor, pinned.position).offset;
  const statement = renderValues(plan, query, offset, store.dialect);
  const generations = plan.branches.flatMap((branch) => branch.generations);
  const found = statement === null ? [] : await store.read(access.tenantId, generations, statement, options);
  const values = toValues(found);
  const total = Number(found[0]?.total ?? 0);
  return {
    dimension: dimension.name,
    values: values.slice(0, query.limit),
    total,
    nextCursor:
      values.length > query.limit ? encodeCursor({ position: pinned.position, offset: offset + query.limit }) : null,
    meta: {
      tables: [...new Set(plan.branches.map((branch) => branch.table))],
      rowsRead: plan.branches.reduce((sum, branch) => sum + rowsOf(branch), 0),
      position: pinned.position,
      sql: statement?.sql ?? "",
      isScoped: access.rowFilter !== undefined,
      fromCache: false,
      durationMs: Math.round((performance.now() - started) * 10) / 10,
    },
  };
}

/** What is searched for also narrows the rows that are read, where a filter can say it. */
function narrowed({ filter, search }: CostValuesQuery, dimension: Dimension): CostFilter | undefined {
  if (!search || dimension.source === "time" || dimension.source === "tagKeys") return filter;
  const found = { dimension: dimension.name, contains: search };
  return filter === undefined ? found : { and: [filter, found] };
}

/**
 * Columns: `k0`, `c`, `n` (rows), `cost`, `cost_lo`, `cost_big`, and `total`, the number of values on all pages. A row per value
 * and currency, in the order of the answer.
 */
function renderValues(
  plan: Plan,
  { search, limit }: CostValuesQuery,
  offset: number,
  dialect: CostDialect,
): Statement | null {
  if (plan.branches.length === 0) return null;
  const args = new Arguments(dialect);
  const isKeys = plan.keys[0]!.source === "tagKeys";
  const branches = joinPeriods(plan.branches, dialect)
    .map((branch) => renderBranch(branch, plan, dialect, args, { isMerged: true }))
    .join("\n UNION ALL ");
  const key = isKeys ? `${dialect.unnest("k0")} AS k0` : "k0";
  const where = search ? ` WHERE ${dialect.contains("k0", args.bind(search, "text"))}` : "";
  const sums = [
    `${dialect.sum("p0", "main", null)} AS cost`,
    `${dialect.sum("p0_lo", "lo", null)} AS cost_lo`,
    `${dialect.sum("p0_big", "big", null)} AS cost_big`,
    `${dialect.sum("p1", "count", null)} AS n`,
  ];
  const sql = `WITH read AS (SELECT ${key}, c, p0, p0_lo, p0_big, p1 FROM (${branches})),
groups AS MATERIALIZED (SELECT k0, c, ${sums.join(", ")} FROM read${where} GROUP BY k0, c),
found AS (SELECT k0, max(${dialect.approximate("cost", "cost_lo", "cost_big")}) AS biggest, count(*) OVER () AS total FROM groups GROUP BY k0),
page AS (SELECT *, row_number() OVER (ORDER BY biggest DESC NULLS LAST, k0 NULLS LAST) AS place FROM found ORDER BY place LIMIT ${args.bind(limit + 1, "integer")} OFFSET ${args.bind(offset, "integer")})
SELECT groups.k0 AS k0, c, n, cost, cost_lo, cost_big, total FROM page AS page JOIN groups AS groups ON page.k0 IS NOT DISTINCT FROM groups.k0 ORDER BY place, c`;
  return { sql, args: args.values };
}

/** Rows of one value stand together: a currency each. */
function toValues(found: readonly StoreRow[]): CostValuesAnswer["values"] {
  const values: CostValuesAnswer["values"] = [];
  for (const row of found) {
    const value = row.k0 ?? null;
    const last = values.at(-1);
    const own = last !== undefined && last.value === value ? last : { value, rows: 0, costs: [] };
    if (own !== last) values.push(own);
    own.rows += Number(row.n);
    const cost = exactValue(row.cost ?? null, row.cost_lo ?? null, row.cost_big ?? null);
    own.costs.push({
      currency: row.c ?? "",
      cost: cost === null ? { value: null, missing: "No row states this cost." } : { value: cost.toString() },
    });
  }
  return values;
}
