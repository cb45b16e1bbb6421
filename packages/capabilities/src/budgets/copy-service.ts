import { AppError } from "@finops/kernel/app-error";
import type { Period } from "@finops/kernel/period";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { type Budget, type BudgetCopies, copiesMax, CopyInput, type NewBudgets } from "./contract.ts";
import { areTwins, type Copied, copyToNextYear, nextPeriods, yearBefore } from "./copy.ts";
import type { Moment } from "./evaluate.ts";
import { firstPeriods, periodsMax } from "./periods.ts";
import { listBudgets } from "./service.ts";
import { readSpent } from "./spent-service.ts";
import { readMoment } from "./store.ts";

interface Copy extends Copied {
  from: Budget;
  problem: string | null;
}

/** What copies for the next fiscal year would be, with what stands against them. */
export async function previewCopies(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<BudgetCopies> {
  const copies = await workOutCopies(ctx, reader, CopyInput.parse(input), options);
  return {
    copies: copies.map(({ from, total, totalBefore, name, periods, notes, problem }) => ({
      from: { id: from.id, name: from.name },
      name,
      periods,
      currency: from.currency,
      total: total?.toString() ?? null,
      totalBefore: totalBefore?.toString() ?? null,
      notes,
      problem,
    })),
  };
}

/** The same as budgets that can be made. Throws `conflict` where one of them cannot. */
export async function draftCopies(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<NewBudgets> {
  const copies = await workOutCopies(ctx, reader, CopyInput.parse(input), options);
  const refused = copies.find(({ problem }) => problem !== null);
  if (refused !== undefined) throw new AppError("conflict", refused.problem!);
  const members = await ctx.inTenant((tx) => tx.membership.findMany({ select: { userId: true } }));
  const stays = (id: string) => members.some(({ userId }) => userId === id);
  const placeOf = new Map(copies.map(({ from }, index) => [from.id, index]));
  return {
    budgets: copies.map(({ from, name, periods, amount }) => {
      const { filter, scope, measure, currency, rollover, notes, links, watchers, owner } = from;
      const below = from.parentId === null ? null : (placeOf.get(from.parentId) ?? null);
      return {
        below,
        budget: {
          name,
          filter: scope.kind === "filter" ? filter : null,
          scope: scope.kind === "filter" ? scope : { kind: scope.kind, id: scope.id },
          measure,
          currency,
          periods,
          amount,
          rollover,
          parentId: null,
          ownerId: stays(owner.id) ? owner.id : null,
          watcherIds: watchers.flatMap(({ id }) => (stays(id) ? [id] : [])),
          notes,
          links,
          reason: `Copied from ${from.name} for the next year.`,
        },
      };
    }),
  };
}

async function workOutCopies(
  ctx: Context,
  reader: CostReader,
  { ids, withBelow, amounts, percent }: ReturnType<typeof CopyInput.parse>,
  options: ReadOptions,
): Promise<Copy[]> {
  requirePermission(ctx, "costs:read");
  const all = await listAllSeen(ctx);
  const sources = chosenOf(all, ids, withBelow);
  const moment = await ctx.inTenant((tx) => readMoment(tx, ctx.tenantId, ctx.host.clock.now()));
  const asked = sources.map((one) => ({ ...one, periods: periodsBefore(one, moment) }));
  const spent = amounts === "actual" ? await readSpent(ctx, reader, asked, moment.today, options) : null;
  const made: Copy[] = [];
  for (const from of sources) {
    const spentIn = (period: Period) => spent?.(from.id, period) ?? null;
    const copied = copyToNextYear(from, moment, { amounts, percent, spentIn });
    const twin = [...all, ...made].some((one) => areTwins(one, copied));
    const problem = from.isScopeGone
      ? `"${from.name}" is about a unit or a view that is gone. Give it other costs first.`
      : from.amount.kind === "unit" && from.amount.metric.isGone
        ? `"${from.name}" follows a unit metric that is gone. Give it another amount first.`
        : twin
          ? `There is a budget "${copied.name}" with the same periods already.`
          : null;
    made.push({ ...copied, from, problem });
  }
  return made;
}

/** Those of the year before, that the copy's are planned by. */
function periodsBefore({ periods }: Budget, moment: Moment): Period[] {
  return firstPeriods(nextPeriods(periods, moment), moment.fiscalYearStart, periodsMax).map(yearBefore);
}

async function listAllSeen(ctx: Context): Promise<Budget[]> {
  const all: Budget[] = [];
  let cursor: string | undefined;
  do {
    const page = await listBudgets(ctx, { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.budgets);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/** The chosen ones, and what stands below them; each after the one that it stands below. */
function chosenOf(all: readonly Budget[], ids: readonly string[], withBelow: boolean): Budget[] {
  const wanted = new Set(ids);
  const missing = ids.some((id) => !all.some((one) => one.id === id));
  if (missing) throw new AppError("not_found", "One of these budgets is not there any more. Load the page again.");
  const below = new Map<string, Budget[]>();
  for (const one of all) if (one.parentId !== null) below.set(one.parentId, [...(below.get(one.parentId) ?? []), one]);
  const found: Budget[] = [];
  const take = (one: Budget, isBelow: boolean) => {
    const isWanted = wanted.has(one.id) || (isBelow && withBelow);
    if (isWanted) found.push(one);
    for (const child of below.get(one.id) ?? []) take(child, isWanted);
  };
  const known = new Set(all.map(({ id }) => id));
  for (const one of all) if (one.parentId === null || !known.has(one.parentId)) take(one, false);
  if (found.length > copiesMax)
    throw new AppError(
      "limit",
      `These are ${found.length} budgets, and ${copiesMax} are copied at once. Choose fewer.`,
    );
  return found;
}
