import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { addMonths } from "@finops/kernel/period";
import { pinPublished } from "@finops/pipeline/publish/pin-published";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay } from "@finops/platform/db/day-column";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import { keepNotices } from "@finops/platform/notices/keep-notices";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { dimensionsOf } from "@finops/warehouse/query/filter-matches";
import * as z from "zod";
import { findPerson } from "../people/index.ts";
import { checkAmount } from "./amounts.ts";
import { childrenOf, type EvaluatedBudget } from "./children.ts";
import {
  type Budget,
  type BudgetAmount,
  BudgetChange,
  type BudgetComment,
  BudgetCommentInput,
  BudgetDefinition,
  type BudgetHistory,
  BudgetInput,
  type BudgetPage,
  type BudgetPreview,
  BudgetPreviewInput,
  BudgetsParameters,
  BudgetStanding,
  BudgetState,
  NewBudgets,
  type ParsedPlan,
  PlanInput,
} from "./contract.ts";
import { areTwins } from "./copy.ts";
import type { Moment } from "./evaluate.ts";
import { askOf, earlierLook, evaluateBudgets } from "./evaluation-service.ts";
import { checkParent } from "./hierarchy.ts";
import { findWishedAmount } from "./metric-service.ts";
import { parsePlan } from "./parse-plan.ts";
import { checkPeriods, firstPeriods, periodsMax, periodsUntil } from "./periods.ts";
import { findMentioned, tellMentioned } from "./mention-service.ts";
import { type FindScope, isScopeGone, type Scoped } from "./scope.ts";
import { findWishedScope, readScopesOf } from "./scope-service.ts";
import { type FoundBudget, maySee, mayWrite, requireBudget } from "./seen-budget-service.ts";
import {
  askForBudgets,
  type BudgetDraft,
  insertBudget,
  keepVersion,
  type KeptBudget,
  listBudgetRows,
  listHistory,
  listKept,
  lockBudgets,
  readMoment,
  type StandingBudgetRow,
  updateBudget,
} from "./store.ts";

const budgetsMax = 10_000;
const commentsMax = 500;
/** How far the periods of two budgets are compared. */
const comparedMonths = 24;

/** The budgets whose costs the person may see, by name. */
export async function listBudgets(ctx: Context, input: unknown = {}): Promise<BudgetPage> {
  requirePermission(ctx, "costs:read");
  const { limit, cursor, state } = BudgetsParameters.parse(input);
  const page: FoundBudget[] = [];
  let after = cursor === undefined ? null : decodePlace(cursor, z.tuple([z.string().max(120), z.uuid()]));
  return ctx.inTenant(async (tx) => {
    while (page.length <= limit) {
      const rows = await listBudgetRows(tx, after, limit + 1);
      const find = await readScopesOf(tx, rows);
      page.push(
        ...rows
          .map((row) => ({ ...row, find }))
          .filter((row) => maySee(ctx, row) && (state === undefined || standingOf(row)?.state === state)),
      );
      if (rows.length <= limit) break;
      after = [rows.at(-1)!.name, rows.at(-1)!.id];
    }
    const shown = page.slice(0, limit);
    const last = shown.at(-1);
    return {
      budgets: shown.map((row) => toBudget(ctx, row)),
      nextCursor: page.length > limit && last !== undefined ? encodePlace([last.name, last.id]) : null,
    };
  });
}

/** Throws `not_found` for a budget of costs that the person may not see. */
export async function getBudget(ctx: Context, id: string): Promise<Budget> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => toBudget(ctx, await requireBudget(tx, ctx, id)));
}

export async function createBudget(ctx: Context, input: unknown): Promise<Budget> {
  requirePermission(ctx, "budgets:write");
  const wished = BudgetInput.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockBudgets(tx, ctx.tenantId);
    const id = await keepNew(tx, ctx, wished, await listKept(tx));
    await askForBudgets(tx, ctx.tenantId);
    return toBudget(ctx, await requireBudget(tx, ctx, id));
  });
}

/** Makes several, all or none. Throws `conflict` for one that could not be told from another. */
export async function createBudgets(ctx: Context, input: unknown): Promise<Budget[]> {
  requirePermission(ctx, "budgets:write");
  const { budgets } = NewBudgets.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockBudgets(tx, ctx.tenantId);
    const all = await listKept(tx);
    const ids: string[] = [];
    for (const [index, { budget, below }] of budgets.entries()) {
      const twin = all.find((one) => areTwins({ ...one, periods: one.definition.periods }, budget));
      if (twin !== undefined)
        throw new AppError("conflict", `There is a budget "${budget.name}" with the same periods already.`);
      if (below !== null && below >= index)
        throw new AppError("invalid", `budgets.${index}.below: Name one that stands before it in the list.`);
      const parentId = below === null ? budget.parentId : ids[below]!;
      ids.push(await keepNew(tx, ctx, { ...budget, parentId }, all));
    }
    await askForBudgets(tx, ctx.tenantId);
    const made: Budget[] = [];
    for (const id of ids) made.push(toBudget(ctx, await requireBudget(tx, ctx, id)));
    return made;
  });
}

/** Throws `conflict` when somebody was faster. */
export async function changeBudget(ctx: Context, id: string, input: unknown): Promise<Budget> {
  requirePermission(ctx, "budgets:write");
  const { reason, version, ...wished } = BudgetChange.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockBudgets(tx, ctx.tenantId);
    const before = await requireOwnBudget(tx, ctx, id, version);
    const draft = await toDraft(tx, ctx, wished, before, await listKept(tx));
    if (!(await updateBudget(tx, { id, version }, draft, ctx.actor, ctx.host.clock.now()))) throw overtaken();
    await keepVersion(tx, id, reason);
    const personIds = draft.definition.watchers.map((one) => one.id).filter((one) => one !== ctx.actor.id);
    const told = { about: { budgetId: id }, personIds, kind: "version" as const, text: reason, byName: ctx.actor.name };
    await keepNotices(tx, [told], ctx.host.clock.now());
    await askForBudgets(tx, ctx.tenantId);
    await audit(tx, ctx, "budget.changed", {
      before: toJsonColumn({ id, name: before.name, parentId: before.parentId, definition: before.definition }),
      after: toJsonColumn({ id, ...draft, reason }),
    });
    return toBudget(ctx, await requireBudget(tx, ctx, id));
  });
}

/** Takes a budget out of sight; its versions stay. Throws `conflict` while there are budgets below it. */
export async function deleteBudget(ctx: Context, id: string, version: number): Promise<Budget> {
  requirePermission(ctx, "budgets:write");
  return ctx.inTenant(async (tx) => {
    await lockBudgets(tx, ctx.tenantId);
    const before = await requireOwnBudget(tx, ctx, id, version);
    const below = await tx.budget.count({ where: { parentId: id, deletedAt: null } });
    if (below > 0)
      throw new AppError("conflict", `There are ${below} budgets below this one. Move or delete them first.`);
    await tx.budget.updateMany({ where: { id }, data: { deletedAt: ctx.host.clock.now() } });
    await askForBudgets(tx, ctx.tenantId);
    await audit(tx, ctx, "budget.deleted", { before: { id, name: before.name, version } });
    return toBudget(ctx, before);
  });
}

/** What a budget was and why it changed, and when it came into another state. The newest first. */
export async function getBudgetHistory(ctx: Context, id: string): Promise<BudgetHistory> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    await requireBudget(tx, ctx, id);
    const { versions, stateChanges } = await listHistory(tx, id);
    return {
      // A version with another filter may tell of costs that the person may not see.
      versions: versions
        .filter((row) => maySee(ctx, { ...row, find: () => null }))
        .map((row) => ({
          version: row.version,
          name: row.name,
          parentId: row.parentId,
          owner: { id: row.ownerId, name: row.ownerName },
          definition: BudgetDefinition.parse(row.definition),
          reason: row.reason,
          changedBy: { id: row.changedById, name: row.changedByName },
          changedAt: row.changedAt.toISOString(),
        })),
      stateChanges: stateChanges.map((one) => ({
        ...one,
        state: BudgetState.parse(one.state),
        stateBefore: one.stateBefore === null ? null : BudgetState.parse(one.stateBefore),
      })),
    };
  });
}

/** Oldest first. */
export async function listBudgetComments(ctx: Context, id: string): Promise<BudgetComment[]> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    await requireBudget(tx, ctx, id);
    const rows = await tx.budgetComment.findMany({
      where: { budgetId: id },
      orderBy: { id: "asc" },
      take: commentsMax,
    });
    return rows.map(toComment);
  });
}

/** Everybody who sees a budget may say something of it. */
export async function commentBudget(ctx: Context, id: string, input: unknown): Promise<BudgetComment> {
  requirePermission(ctx, "costs:read");
  const { text, mentionIds } = BudgetCommentInput.parse(input);
  const said = await ctx.inTenant(async (tx) => {
    const budget = await requireBudget(tx, ctx, id);
    const { name } = budget;
    const people = await findMentioned(tx, ctx, budget, mentionIds);
    if ((await tx.budgetComment.count({ where: { budgetId: id } })) >= commentsMax)
      throw new AppError("limit", `A budget has at most ${commentsMax} comments.`);
    const now = ctx.host.clock.now();
    const row = await tx.budgetComment.create({
      data: {
        id: newId(now.getTime()),
        budgetId: id,
        text,
        authorId: ctx.actor.id,
        authorName: ctx.actor.name,
        writtenAt: now,
      },
    });
    const personIds = people.map((one) => one.id);
    const told = { about: { budgetId: id }, personIds, kind: "mention" as const, text, byName: ctx.actor.name };
    await keepNotices(tx, [told], now);
    await audit(tx, ctx, "budget.commented", { after: { id, name, text, mentioned: personIds } });
    return { comment: toComment(row), name, people };
  });
  await tellMentioned(ctx, { id, name: said.name }, { people: said.people, text, commentId: said.comment.id });
  return said.comment;
}

/** A budget as it stands on the costs that are published now: day by day, and in its periods so far. */
export async function getBudgetOutlook(
  ctx: Context,
  reader: CostReader,
  id: string,
  options: ReadOptions = {},
): Promise<BudgetPreview> {
  requirePermission(ctx, "costs:read");
  const row = await ctx.inTenant((tx) => requireBudget(tx, ctx, id));
  return workOut(ctx, reader, toKept(row), row.standings[0], options);
}

/** The same of a budget that is not kept, or not yet as it is to be. */
export async function previewBudget(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<BudgetPreview> {
  requirePermission(ctx, "costs:read");
  const { id, ...wished } = BudgetPreviewInput.parse(input);
  const definition = await ctx.inTenant(async (tx) => {
    const kept = id === null ? null : toKept(await requireBudget(tx, ctx, id)).definition;
    const moment = await readMoment(tx, ctx.tenantId, ctx.host.clock.now());
    checkDefinition(wished, moment);
    const amount = await findWishedAmount(tx, wished, kept?.amount ?? null, moment);
    return { ...wished, ...(await findWishedScope(tx, ctx, wished, kept)), amount };
  });
  return workOut(ctx, reader, { id: id ?? "", parentId: null, version: 0, definition }, undefined, options);
}

/** Reads a plan that was pasted, for the periods of a budget. */
export async function readPlan(ctx: Context, input: unknown): Promise<ParsedPlan> {
  requirePermission(ctx, "costs:read");
  const { text, periods } = PlanInput.parse(input);
  const moment = await ctx.inTenant((tx) => readMoment(tx, ctx.tenantId, ctx.host.clock.now()));
  checkPeriods(periods, moment.today);
  return parsePlan(text, firstPeriods(periods, moment.fiscalYearStart, periodsMax));
}

async function workOut(
  ctx: Context,
  reader: CostReader,
  budget: EvaluatedBudget & { version: number },
  stored: StandingBudgetRow["standings"][number] | undefined,
  options: ReadOptions,
): Promise<BudgetPreview> {
  const { moment, all } = await ctx.inTenant(async (tx) => ({
    moment: await readMoment(tx, ctx.tenantId, ctx.host.clock.now()),
    all: await listKept(tx),
  }));
  const pinned = await pinPublished(ctx);
  const found = await evaluateBudgets(askOf(ctx, reader, pinned, options), [budget], moment, {
    childrenIn: childrenOf(all, moment.fiscalYearStart),
    before: () => earlierLook(budget, stored, moment),
    signal: options.signal,
  });
  const one = found.get(budget.id);
  return {
    standing: one === undefined ? null : shownTo(ctx, one.standing),
    burnDown: one?.burnDown() ?? [],
    periods: one?.periods ?? [],
    position: pinned.position,
  };
}

type Wished = Omit<z.output<typeof BudgetInput>, "reason">;

/** @param all the company's budgets; the new one joins them */
async function keepNew(
  tx: Tx,
  ctx: Context,
  { reason, ...wished }: z.output<typeof BudgetInput>,
  all: KeptBudget[],
): Promise<string> {
  if (all.length >= budgetsMax)
    throw new AppError("limit", `A company keeps at most ${budgetsMax} budgets. Delete some that nobody looks at.`);
  const draft = await toDraft(tx, ctx, wished, null, all);
  const id = await insertBudget(tx, draft, ctx.actor, ctx.host.clock.now());
  await keepVersion(tx, id, reason);
  await audit(tx, ctx, "budget.created", { after: toJsonColumn({ id, ...draft }) });
  all.push({ id, version: 1, ...draft });
  return id;
}

/** A budget as it is to be kept, with every check that needs the rest of the company. */
async function toDraft(
  tx: Tx,
  ctx: Context,
  wished: Wished,
  before: FoundBudget | null,
  all: readonly KeptBudget[],
): Promise<BudgetDraft> {
  const { name, parentId, ownerId, watcherIds, ...more } = wished;
  const moment = await readMoment(tx, ctx.tenantId, ctx.host.clock.now());
  checkDefinition(more, moment);
  const kept = before === null ? null : toKept(before).definition;
  const found = await findWishedScope(tx, ctx, more, kept);
  const amount = await findWishedAmount(tx, more, kept?.amount ?? null, moment);
  const rest = { ...more, ...found, amount };
  // It says already what it says now.
  requireWithin(ctx, rest, () => null);
  if (parentId !== null) await requireBudget(tx, ctx, parentId);
  const watchers = [];
  for (const id of new Set(watcherIds)) watchers.push(await findPerson(tx, id, "watcherIds"));
  const owner =
    ownerId !== null
      ? await findPerson(tx, ownerId, "ownerId")
      : before === null
        ? { id: ctx.actor.id, name: ctx.actor.name }
        : { id: before.ownerId, name: before.ownerName };
  const definition = { ...rest, watchers };
  const placed: KeptBudget = { id: before?.id ?? "", name, parentId, version: 0, definition };
  const others = all.filter(({ id }) => id !== placed.id);
  const until = addMonths(moment.today, comparedMonths);
  checkParent(withCurrency(placed), [...others, placed].map(withCurrency), (one) =>
    periodsUntil(one.definition.periods, moment.fiscalYearStart, until),
  );
  return { name, parentId, owner, definition };
}

function withCurrency(budget: KeptBudget) {
  return { ...budget, currency: budget.definition.currency };
}

/** What is wrong with a budget by itself. Throws `invalid`. */
function checkDefinition(
  { filter, periods, amount }: Pick<BudgetDefinition, "filter" | "periods"> & { amount: BudgetAmount },
  { today, fiscalYearStart }: Moment,
): void {
  if (filter !== null) dimensionsOf(filter);
  checkPeriods(periods, today);
  if (firstPeriods(periods, fiscalYearStart, 1).length === 0)
    throw new AppError("invalid", "periods: It ends before its first period begins.");
  checkAmount(amount, (count) => firstPeriods(periods, fiscalYearStart, count));
}

/** A budget that the person may change, at the version that they saw. */
async function requireOwnBudget(tx: Tx, ctx: Context, id: string, version: number): Promise<FoundBudget> {
  const row = await requireBudget(tx, ctx, id);
  requireWithin(ctx, toKept(row).definition, row.find);
  if (row.version !== version)
    throw new AppError(
      "conflict",
      `${row.changedByName} changed this budget meanwhile. Load it again, and repeat your change.`,
      { facts: { version: row.version } },
    );
  return row;
}

function requireWithin(ctx: Context, definition: Scoped, find: FindScope): void {
  if (mayWrite(ctx, definition, find)) return;
  throw new AppError(
    "forbidden",
    "This budget is about costs beyond those that you may make budgets for. Filter it to your part of the costs.",
    { facts: { permission: "budgets:write" } },
  );
}

function overtaken(): AppError {
  return new AppError(
    "conflict",
    "Somebody changed this budget at the same moment. Load it again, and repeat your change.",
  );
}

function toKept(row: StandingBudgetRow): KeptBudget {
  return { ...row, definition: BudgetDefinition.parse(row.definition) };
}

/** How it stands as it is now; what was worked out of an earlier version of it says nothing of this one. */
function standingOf(row: StandingBudgetRow): StandingBudgetRow["standings"][number] | null {
  const found = row.standings[0];
  return found === undefined || found.version !== row.version ? null : found;
}

/** Budgets below may be about costs that the person does not see, so what they come to is told to who sees all. */
function shownTo(ctx: Context, standing: BudgetStanding): BudgetStanding {
  return ctx.rowFilter === null ? standing : { ...standing, children: null };
}

function toBudget(ctx: Context, row: FoundBudget): Budget {
  const definition = BudgetDefinition.parse(row.definition);
  const stored = standingOf(row);
  return {
    ...definition,
    id: row.id,
    name: row.name,
    parentId: row.parentId,
    version: row.version,
    owner: { id: row.ownerId, name: row.ownerName },
    createdAt: row.createdAt.toISOString(),
    changedBy: { id: row.changedById, name: row.changedByName },
    changedAt: row.changedAt.toISOString(),
    standing:
      stored === null
        ? null
        : {
            ...shownTo(ctx, BudgetStanding.parse(stored.standing)),
            position: stored.position.toString(),
            evaluatedAt: stored.evaluatedAt.toISOString(),
            day: columnToDay(stored.day),
          },
    isScopeGone: isScopeGone(definition, row.find),
    mayChange: mayWrite(ctx, definition, row.find),
  };
}

function toComment(row: {
  id: string;
  text: string;
  authorId: string;
  authorName: string;
  writtenAt: Date;
}): BudgetComment {
  return {
    id: row.id,
    text: row.text,
    by: { id: row.authorId, name: row.authorName },
    at: row.writtenAt.toISOString(),
  };
}
