import { AppError } from "@finops/kernel/app-error";
import { parsePeriod, type Period } from "@finops/kernel/period";
import { comparisonPeriodOf, joinComparison } from "./compare-groups.ts";
import type { CostAnswer, CostQuery } from "./cost-query.ts";
import type { CostAccess, CostStore, PinnedStore, ReadOptions } from "./cost-store.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { addRunningTotals, addShares } from "./derive-figures.ts";
import { isAdditive, orderOf, sortGroups } from "./group-order.ts";
import { type Plan, planQuery, rowsOf } from "./plan.ts";
import { type Groups, measuresOf, readGroups } from "./read-groups.ts";

const groupsMax = 100_000;

/**
 * Answers a cost query from the store as it was pinned. Figures are exact decimals as text; a figure that cannot be
 * computed is null with the reason. Throws `invalid` for names that do not exist and `limit` for more than 100,000 groups
 * where the order needs all of them.
 */
export async function runQuery(
  store: CostStore,
  access: CostAccess,
  pinned: PinnedStore,
  query: CostQuery,
  options: ReadOptions = {},
): Promise<CostAnswer> {
  const started = performance.now();
  const order = orderOf(query);
  const plan = planPeriod(query, parsePeriod(query.period.start, query.period.end), access, pinned);
  const offset = query.cursor === undefined ? 0 : decodeCursor(query.cursor, pinned.position).offset;
  // A ratio, a running total and a group that is gone are known only when all groups are: these are ordered and cut in code.
  const isWhole =
    query.compare !== undefined ||
    query.runningTotal ||
    (order.by !== "time" && "measure" in order.by && !isAdditive(order.by.measure));
  const page = isWhole ? { limit: groupsMax + 1, offset: 0 } : { limit: query.limit + 1, offset };
  const now = await readGroups(store, access.tenantId, plan, query, { order, ...page, topAmong: plan }, options);

  const comparisonPeriod = comparisonPeriodOf(query);
  let then: Groups | null = null;
  let { rows, totals } = now;
  if (comparisonPeriod !== null) {
    const planThen = planPeriod(query, comparisonPeriod, access, pinned);
    // The same groups are the top in both periods, or a group would be held against a part of `(other)`.
    then = await readGroups(
      store,
      access.tenantId,
      planThen,
      query,
      { order, ...page, topAmong: rows.length > 0 ? plan : planThen },
      options,
    );
    ({ rows, totals } = joinComparison(now, then, query, comparisonPeriod));
  }
  if (isWhole && rows.length > groupsMax)
    throw new AppError(
      "limit",
      `More than ${groupsMax.toLocaleString("en")} groups. Filter or group by fewer dimensions.`,
    );
  if (query.runningTotal) rows = addRunningTotals(rows, query);
  if (isWhole) rows = sortGroups(rows, order).slice(offset);
  const shown = rows.slice(0, query.limit);
  const plans = then === null ? [plan] : [plan, then.plan];
  return {
    rows: query.share ? addShares(shown, totals, query) : shown,
    totals,
    nextCursor:
      rows.length > query.limit ? encodeCursor({ position: pinned.position, offset: offset + query.limit }) : null,
    period: query.period,
    comparisonPeriod,
    meta: {
      tables: unique(plans, (branch) => [branch.table]),
      rowsRead: plans.reduce(
        (sum, { branches }) => branches.reduce((rowsRead, branch) => rowsRead + rowsOf(branch), sum),
        0,
      ),
      position: pinned.position,
      freshAt: pinned.freshAt,
      versions: unique(plans, (branch) => branch.generations[0].versionIds),
      sql: now.sql,
      isScoped: access.rowFilter !== undefined,
      fromCache: false,
      durationMs: Math.round((performance.now() - started) * 10) / 10,
    },
  };
}

function planPeriod(query: CostQuery, period: Period, access: CostAccess, pinned: PinnedStore): Plan {
  return planQuery(
    { ...query, measures: measuresOf(query), period, filter: query.filter, grain: query.grain },
    access,
    pinned,
  );
}

function unique(plans: readonly Plan[], namesOf: (branch: Plan["branches"][number]) => readonly string[]): string[] {
  return [...new Set(plans.flatMap((plan) => plan.branches.flatMap(namesOf)))];
}
