import { pinStore } from "@finops/pipeline/publish/publication-log";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import { parseCostQuery } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { PinnedStore } from "@finops/warehouse/query/cost-store";
import { accessOf } from "../costs/index.ts";
import { BudgetStanding } from "./contract.ts";
import {
  childrenOf,
  type ChildrenIn,
  type EarlierLook,
  evaluate,
  type EvaluatedBudget,
  type Evaluation,
  type Moment,
  windowOf,
} from "./evaluate.ts";
import { type Ask, readBudgetCosts } from "./read-costs.ts";
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
  const rows = budgets.flatMap(({ id, version }) => {
    const standing = standings.get(id)?.standing;
    return standing === undefined ? [] : [{ budgetId: id, version, standing }];
  });
  await ctx.inTenant(async (tx) => {
    await keepStandings(tx, rows, { day: moment.today, position: pinned.position, now });
    await tellBudgets(tx, ctx.tenantId);
  });
  return { budgets: rows.length, position: pinned.position };
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

const sliceLength = 25;

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
  const costs = await readBudgetCosts(ask, asked);
  const found = new Map<string, Evaluation>();
  for (const [index, budget] of budgets.entries()) {
    // Thousands take seconds, in which a server answers others as well.
    if (index % sliceLength === sliceLength - 1) await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    const own = costs.get(budget.id)?.toCosts();
    const evaluation = own === undefined ? null : evaluate(budget, own, moment, childrenIn, before(budget));
    if (evaluation !== null) found.set(budget.id, evaluation);
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
