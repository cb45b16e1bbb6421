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
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { dimensionsOf } from "@finops/warehouse/query/filter-matches";
import { isWithin } from "@finops/warehouse/query/filter-within";
import * as z from "zod";
import { accessOf } from "../costs/index.ts";
import { checkAmount } from "./amounts.ts";
import {
  type Budget,
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
  type ParsedPlan,
  PlanInput,
} from "./contract.ts";
import { childrenOf, type EvaluatedBudget, type Moment } from "./evaluate.ts";
import { askOf, earlierLook, evaluateBudgets } from "./evaluation-service.ts";
import { checkParent } from "./hierarchy.ts";
import { parsePlan } from "./parse-plan.ts";
import { checkPeriods, firstPeriods, periodsMax, periodsUntil } from "./periods.ts";
import {
  askForBudgets,
  type BudgetDraft,
  findBudget,
  findPerson,
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
  const page: StandingBudgetRow[] = [];
  let after = cursor === undefined ? null : decodePlace(cursor, z.tuple([z.string().max(120), z.uuid()]));
  return ctx.inTenant(async (tx) => {
    while (page.length <= limit) {
      const rows = await listBudgetRows(tx, after, limit + 1);
      page.push(...rows.filter((row) => maySee(ctx, row) && (state === undefined || standingOf(row)?.state === state)));
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
  const { reason, ...wished } = BudgetInput.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockBudgets(tx, ctx.tenantId);
    if ((await tx.budget.count({ where: { deletedAt: null } })) >= budgetsMax)
      throw new AppError("limit", `A company keeps at most ${budgetsMax} budgets. Delete some that nobody looks at.`);
    const draft = await toDraft(tx, ctx, wished, null);
    const id = await insertBudget(tx, draft, ctx.actor, ctx.host.clock.now());
    await keepVersion(tx, id, reason);
    await askForBudgets(tx, ctx.tenantId);
    await audit(tx, ctx, "budget.created", { after: toJsonColumn({ id, ...draft }) });
    return toBudget(ctx, await requireBudget(tx, ctx, id));
  });
}

/** Throws `conflict` when somebody was faster. */
export async function changeBudget(ctx: Context, id: string, input: unknown): Promise<Budget> {
  requirePermission(ctx, "budgets:write");
  const { reason, version, ...wished } = BudgetChange.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockBudgets(tx, ctx.tenantId);
    const before = await requireOwnBudget(tx, ctx, id, version);
    const draft = await toDraft(tx, ctx, wished, before);
    if (!(await updateBudget(tx, { id, version }, draft, ctx.actor, ctx.host.clock.now()))) throw overtaken();
    await keepVersion(tx, id, reason);
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
        .filter((row) => maySee(ctx, row))
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
  const { text } = BudgetCommentInput.parse(input);
  return ctx.inTenant(async (tx) => {
    const { name } = await requireBudget(tx, ctx, id);
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
    await audit(tx, ctx, "budget.commented", { after: { id, name, text } });
    return toComment(row);
  });
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
  const { id, ...definition } = BudgetPreviewInput.parse(input);
  await ctx.inTenant(async (tx) => {
    if (id !== null) await requireBudget(tx, ctx, id);
    checkDefinition(definition, await readMoment(tx, ctx.tenantId, ctx.host.clock.now()));
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

/** A budget as it is to be kept, with every check that needs the rest of the company. */
async function toDraft(tx: Tx, ctx: Context, wished: Wished, before: StandingBudgetRow | null): Promise<BudgetDraft> {
  const { name, parentId, ownerId, watcherIds, ...rest } = wished;
  const moment = await readMoment(tx, ctx.tenantId, ctx.host.clock.now());
  checkDefinition(rest, moment);
  requireWithin(ctx, rest.filter);
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
  const others = (await listKept(tx)).filter(({ id }) => id !== placed.id);
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
  { filter, periods, amount }: Pick<BudgetDefinition, "filter" | "periods" | "amount">,
  { today, fiscalYearStart }: Moment,
): void {
  if (filter !== null) dimensionsOf(filter);
  checkPeriods(periods, today);
  if (firstPeriods(periods, fiscalYearStart, 1).length === 0)
    throw new AppError("invalid", "periods: It ends before its first period begins.");
  checkAmount(amount, (count) => firstPeriods(periods, fiscalYearStart, count));
}

/** A budget that the person may change, at the version that they saw. */
async function requireOwnBudget(tx: Tx, ctx: Context, id: string, version: number): Promise<StandingBudgetRow> {
  const row = await requireBudget(tx, ctx, id);
  requireWithin(ctx, BudgetDefinition.parse(row.definition).filter);
  if (row.version !== version)
    throw new AppError(
      "conflict",
      `${row.changedByName} changed this budget meanwhile. Load it again, and repeat your change.`,
      { facts: { version: row.version } },
    );
  return row;
}

async function requireBudget(tx: Tx, ctx: Context, id: string): Promise<StandingBudgetRow> {
  const row = await findBudget(tx, id);
  if (row === null || !maySee(ctx, row)) throw new AppError("not_found", "There is no such budget.");
  return row;
}

/** Whether the person may see all the costs that a budget is about. */
function maySee(ctx: Context, { definition }: { definition: unknown }): boolean {
  const { filter } = definition as { filter: CostFilter | null };
  return isWithin(filter, accessOf(ctx).rowFilter ?? null);
}

function mayWrite(ctx: Context, filter: CostFilter | null): boolean {
  return ctx.permissions.has("budgets:write") && isWithin(filter, accessOf(ctx, ["budgets:write"]).rowFilter ?? null);
}

function requireWithin(ctx: Context, filter: CostFilter | null): void {
  if (mayWrite(ctx, filter)) return;
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

function toBudget(ctx: Context, row: StandingBudgetRow): Budget {
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
    mayChange: mayWrite(ctx, definition.filter),
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
