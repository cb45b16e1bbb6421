import { pinStore } from "@finops/pipeline/publish/publication-log";
import { columnToDay } from "@finops/platform/db/day-column";
import { keepNotices } from "@finops/platform/notices/keep-notices";
import type { Context } from "@finops/platform/tenancy/context";
import { parseCostQuery } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { PinnedStore } from "@finops/warehouse/query/cost-store";
import { accessOf } from "../costs/index.ts";
import { childrenOf, type ChildrenIn, type EvaluatedBudget } from "./children.ts";
import { BudgetStanding } from "./contract.ts";
import { type EarlierLook, evaluate, type Evaluation, type Moment, windowOf } from "./evaluate.ts";
import { followMetrics } from "./metric-service.ts";
import { stateNotice } from "./notices.ts";
import { type Ask, type DaySums, readBudgetCosts } from "./read-costs.ts";
import { ScopeCosts } from "./scope-costs.ts";
import { followScopes } from "./scope-service.ts";
import {
  type KeptBudget,
  keepStandings,
  listKept,
  listStandings,
  readMoment,
  type StoredStanding,
  tellBudgets,
} from "./store.ts";

/**
 * Works out how every budget of a company stands, from one look at the publication log, and keeps it. What came into another
 * state is written with it, for its history.
 */
export async function evaluateCompany(
  ctx: Context,
  reader: CostReader,
  options: { signal?: AbortSignal } = {},
): Promise<{ budgets: number; position: string }> {
  const now = ctx.host.clock.now();
  await ctx.inTenant(async (tx) => {
    await followScopes(tx, ctx);
    await followMetrics(tx, ctx);
  });
  const { pinned, budgets, moment, stored } = await ctx.inTenant(async (tx) => ({
    pinned: await pinStore(tx, ctx.tenantId),
    budgets: await listKept(tx),
    moment: await readMoment(tx, ctx.tenantId, now),
    stored: await listStandings(tx),
  }));
  const earlier = new Map(stored.map((row) => [row.budgetId, row]));
  const ask = askOf(ctx, reader, pinned, options);
  const standings = await evaluateBudgets(ask, budgets, moment, {
    childrenIn: childrenOf(budgets, moment.fiscalYearStart),
    before: (budget) => earlierLook(budget, earlier.get(budget.id), moment),
    signal: options.signal,
  });
  const looks = budgets.flatMap((budget) => {
    const standing = standings.get(budget.id)?.standing;
    return standing === undefined ? [] : [{ budget, standing }];
  });
  // Ten thousand would keep a transaction open for longer than one may be.
  for (let at = 0; at < looks.length; at += keptAtOnce) {
    const some = looks.slice(at, at + keptAtOnce);
    const turned = some.flatMap(({ budget, standing: { state } }) => {
      const before = earlier.get(budget.id)?.standing as BudgetStanding | undefined;
      // What had no standing before came into none: whoever made it knows.
      return before === undefined || before.state === state ? [] : [stateNotice(budget, state)];
    });
    await ctx.inTenant(async (tx) => {
      const rows = some.map(({ budget, standing }) => ({ budgetId: budget.id, version: budget.version, standing }));
      await keepStandings(tx, rows, { day: moment.today, position: pinned.position, now });
      await keepNotices(tx, turned, now);
    });
  }
  await ctx.inTenant((tx) => tellBudgets(tx, ctx.tenantId));
  return { budgets: looks.length, position: pinned.position };
}

/** Asks what the caller may see, at one position of the publication log. */
export function askOf(
  ctx: Context,
  reader: CostReader,
  pinned: PinnedStore,
  options: { signal?: AbortSignal } = {},
): Ask {
  return (query) => reader.query(accessOf(ctx), pinned, parseCostQuery(query), options);
}

export interface Surroundings<B> {
  childrenIn: ChildrenIn;
  before: (budget: B) => EarlierLook | null;
  signal?: AbortSignal | undefined;
}

const turnMs = 10;
const keptAtOnce = 1000;

/** How budgets stand, by their ids: one look at the costs for all of them. Those without any period are left out. */
export async function evaluateBudgets<B extends EvaluatedBudget>(
  ask: Ask,
  budgets: readonly B[],
  moment: Moment,
  { childrenIn, before, signal }: Surroundings<B>,
): Promise<Map<string, Evaluation>> {
  const asked = budgets.flatMap((budget) => {
    const window = windowOf(budget, moment);
    const { filter, measure, currency } = budget.definition;
    return window === null ? [] : [{ id: budget.id, filter, measure, currency, window }];
  });
  const sums = await readBudgetCosts(ask, asked);
  const found = new Map<string, Evaluation>();
  let turnEnd = performance.now() + turnMs;
  for (const [one, ofScope] of byScope(budgets, sums)) {
    const costs = new ScopeCosts(one.toCosts());
    for (const budget of ofScope) {
      // Thousands take seconds, in which a server answers others as well.
      if (performance.now() > turnEnd) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        turnEnd = performance.now() + turnMs;
      }
      signal?.throwIfAborted();
      const evaluation = evaluate(budget, costs, moment, childrenIn, before(budget));
      if (evaluation !== null) found.set(budget.id, evaluation);
    }
  }
  return found;
}

/** Budgets by what they share, so that of all costs only those of one scope are in memory. */
function byScope<B extends EvaluatedBudget>(
  budgets: readonly B[],
  sums: ReadonlyMap<string, DaySums>,
): ReadonlyMap<DaySums, B[]> {
  const found = new Map<DaySums, B[]>();
  for (const budget of budgets) {
    const one = sums.get(budget.id);
    if (one === undefined) continue;
    const others = found.get(one);
    if (others === undefined) found.set(one, [budget]);
    else others.push(budget);
  }
  return found;
}

/** How it stood on an earlier day. A budget that was changed since is another one, and is not held against that. */
export function earlierLook(
  { version }: Pick<KeptBudget, "version">,
  stored: StoredStanding | undefined,
  { today }: Moment,
): EarlierLook | null {
  if (stored === undefined || stored.version !== version) return null;
  const day = columnToDay(stored.day);
  if (day < today) return { day, standing: BudgetStanding.parse(stored.standing) };
  const earlier = stored.earlier as { day: string; standing: unknown } | null;
  return earlier === null ? null : { day: earlier.day, standing: BudgetStanding.parse(earlier.standing) };
}
