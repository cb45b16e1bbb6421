import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { computeOwnAccess, findMemberAccess, listAccess } from "@finops/platform/access/list-access";
import type { Permission } from "@finops/platform/access/permissions";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { AppliedChange, ChangeKind } from "@finops/platform/approvals/change-kind";
import { tryChange } from "@finops/platform/approvals/request-or-apply";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import * as z from "zod";
import {
  ChangeDecision,
  type ChangeRequest,
  type ChangeRequestDetails,
  type ChangeRequestPage,
  type ChangeRequestsParameters,
} from "./contract.ts";
import { policiesChange } from "./policies.ts";

/** What one asked for oneself, and what one may approve; all of them for who may read the audit. */
export async function listChangeRequests(
  ctx: Context,
  wish: Partial<ChangeRequestsParameters> = {},
): Promise<ChangeRequestPage> {
  const { limit = 50, cursor, state = "requested" } = wish;
  const after = cursor === undefined ? null : decodePlace(cursor, z.tuple([z.uuid()]))[0];
  const now = ctx.host.clock.now();
  const rows = await ctx.inTenant((tx) =>
    tx.changeRequest.findMany({
      where: { AND: [after === null ? {} : { id: { lt: after } }, visibleTo(ctx), inState(state, now)] },
      include: { decisions: true },
      orderBy: { id: "desc" },
      take: limit + 1,
    }),
  );
  const page = rows.slice(0, limit);
  return {
    requests: page.map((row) => toChangeRequest(ctx, row)),
    nextCursor: rows.length > limit ? encodePlace([page.at(-1)!.id]) : null,
  };
}

/** Throws `not_found` for one that there is not, or that is none of the caller's business. */
export async function getChangeRequest(
  ctx: Context,
  kinds: readonly ChangeKind[],
  id: string,
): Promise<ChangeRequestDetails> {
  const row = await ctx.inTenant((tx) => findRequest(tx, ctx, id));
  const request = toChangeRequest(ctx, row);
  const isOpen = request.state === "requested" || request.state === "approved";
  const effect = isOpen ? await findEffect(ctx, kinds, row) : null;
  return { ...request, payload: row.payload, result: row.result, effect };
}

/**
 * Approves or rejects a change that somebody else asked for. One rejection ends it. With the last approval that it needs it is
 * made, as the one who asked may make it at that moment; if that fails, it stays approved with the reason, and can be tried again.
 */
export async function decideChangeRequest(
  ctx: Context,
  kinds: readonly ChangeKind[],
  id: string,
  input: unknown,
): Promise<ChangeRequest> {
  const { decision, comment } = ChangeDecision.parse(input);
  const isDecided = await ctx.inTenant(async (tx) => {
    const row = await findRequest(tx, ctx, id, { forUpdate: true });
    await requireMayDecide(tx, ctx, row);
    requireOpen(row, ctx.host.clock.now());
    if (row.decisions.some(({ userId }) => userId === ctx.actor.id))
      throw new AppError("conflict", "You have decided about this change already.");
    const isApproval = decision === "approve";
    const decidedAt = ctx.host.clock.now();
    const made = { userId: ctx.actor.id, userName: ctx.actor.name, isApproval, comment, decidedAt };
    await tx.changeDecision.create({ data: { requestId: id, ...made } });
    await audit(tx, ctx, isApproval ? "change.approved" : "change.rejected", {
      after: { id, kind: row.kind, summary: row.summary, comment },
    });
    if (!isApproval) {
      await tx.changeRequest.updateMany({ where: { id }, data: { state: "rejected", decidedAt } });
      return false;
    }
    const approvals = await countApprovals(tx, ctx, [...row.decisions, made], row.permission);
    if (approvals < row.peopleNeeded) return false;
    await tx.changeRequest.updateMany({ where: { id }, data: { state: "approved", decidedAt } });
    return true;
  });
  if (isDecided) await applyApproved(ctx, kinds, id);
  return readRequest(ctx, id);
}

/** Tries again to make a change that is approved. For who asked for it, and for who may approve it. */
export async function retryChangeRequest(
  ctx: Context,
  kinds: readonly ChangeKind[],
  id: string,
): Promise<ChangeRequest> {
  const row = await ctx.inTenant((tx) => findRequest(tx, ctx, id));
  if (row.requestedById !== ctx.actor.id) requirePermission(ctx, row.permission as Permission);
  await applyApproved(ctx, kinds, id);
  return readRequest(ctx, id);
}

/** Takes back what one asked for oneself. */
export async function withdrawChangeRequest(ctx: Context, id: string): Promise<ChangeRequest> {
  await ctx.inTenant(async (tx) => {
    const row = await findRequest(tx, ctx, id, { forUpdate: true });
    if (row.requestedById !== ctx.actor.id)
      throw new AppError("forbidden", "Only who asked for a change takes it back. You may reject it instead.");
    if (row.state !== "approved") requireOpen(row, ctx.host.clock.now());
    await tx.changeRequest.updateMany({
      where: { id },
      data: { state: "withdrawn", decidedAt: ctx.host.clock.now() },
    });
    await audit(tx, ctx, "change.withdrawn", { before: { id, kind: row.kind, summary: row.summary } });
  });
  return readRequest(ctx, id);
}

/** Of some changes, those that wait for the caller's approval. */
export async function findWaitingRequests(tx: Tx, ctx: Context, ids: readonly string[]): Promise<ChangeRequest[]> {
  const rows = await tx.changeRequest.findMany({ where: { id: { in: [...ids] } }, include: { decisions: true } });
  return rows.map((row) => toChangeRequest(ctx, row)).filter(({ isForMe }) => isForMe);
}

async function readRequest(ctx: Context, id: string): Promise<ChangeRequest> {
  return toChangeRequest(ctx, await ctx.inTenant((tx) => findRequest(tx, ctx, id)));
}

/** Tries a change as the one who asked for it could make it now, and takes it back. */
async function findEffect(
  ctx: Context,
  kinds: readonly ChangeKind[],
  row: RequestRow,
): Promise<ChangeRequestDetails["effect"]> {
  try {
    const kind = findKind(kinds, row.kind);
    if (kind.check !== undefined) return null;
    const payload = kind.payload.parse(row.payload);
    const asker = await ctx.inTenant((tx) => contextOfAsker(tx, ctx, row));
    const before = (await kind.before?.(asker, payload)) ?? null;
    return { before, after: await tryChange(asker, kind, payload), refusal: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { before: null, after: null, refusal: error.message };
  }
}

type RequestRow = Prisma.ChangeRequestGetPayload<{ include: { decisions: true } }>;

async function findRequest(
  tx: Tx,
  ctx: Context,
  id: string,
  { forUpdate = false }: { forUpdate?: boolean } = {},
): Promise<RequestRow> {
  if (isId(id) && forUpdate) await tx.$queryRaw`select id::text from change_request where id = ${id}::uuid for update`;
  const row = isId(id)
    ? await tx.changeRequest.findFirst({ where: { AND: [{ id }, visibleTo(ctx)] }, include: { decisions: true } })
    : null;
  if (row === null) throw new AppError("not_found", "There is no such change request.");
  return row;
}

/** The same for who lacks the permission and for who is of another company: they find nothing. */
function visibleTo(ctx: Context): Prisma.ChangeRequestWhereInput {
  if (ctx.permissions.has("audit:read")) return {};
  const own = isId(ctx.actor.id) ? [{ requestedById: ctx.actor.id }] : [];
  return { OR: [...own, { permission: { in: [...ctx.permissions] } }] };
}

function inState(state: ChangeRequestsParameters["state"], now: Date): Prisma.ChangeRequestWhereInput {
  if (state === "all") return {};
  if (state === "requested") return { state, expiresAt: { gt: now } };
  if (state === "expired") return { state: "requested", expiresAt: { lte: now } };
  return { state };
}

async function requireMayDecide(tx: Tx, ctx: Context, row: RequestRow): Promise<void> {
  if (ctx.actor.kind !== "person")
    throw new AppError("forbidden", "People approve changes, not keys. Sign in and do it in the page.");
  if (row.requestedById === ctx.actor.id)
    throw new AppError(
      "forbidden",
      "Nobody approves what they asked for themselves. Take it back, or wait for others.",
    );
  requirePermission(ctx, row.permission as Permission);
  if (!(await mayApprove(tx, ctx, ctx.actor.id, row.permission)))
    throw new AppError(
      "forbidden",
      "You have this permission by delegation only. Whoever delegates it could approve their own changes by it, so it approves nothing.",
    );
}

async function mayApprove(tx: Tx, ctx: Context, userId: string, permission: string): Promise<boolean> {
  const now = ctx.host.clock.now();
  const [person] = await listAccess(tx, now, { kind: "person", id: userId });
  return person !== undefined && computeOwnAccess(person, now).permissions.has(permission);
}

function stateAt(row: Pick<RequestRow, "state" | "expiresAt">, now: Date): ChangeRequest["state"] {
  return row.state === "requested" && row.expiresAt <= now ? "expired" : (row.state as ChangeRequest["state"]);
}

function requireOpen(row: RequestRow, now: Date): void {
  const state = stateAt(row, now);
  if (state === "requested") return;
  throw new AppError("conflict", `This change is ${state}, so nothing is left to decide. Ask for it anew.`, {
    facts: { state },
  });
}

/** An approval counts for as long as the one who gave it may approve. */
async function countApprovals(
  tx: Tx,
  ctx: Context,
  decisions: readonly { userId: string; isApproval: boolean }[],
  permission: string,
): Promise<number> {
  let count = 0;
  for (const { userId, isApproval } of decisions)
    if (isApproval && (await mayApprove(tx, ctx, userId, permission))) count += 1;
  return count;
}

/** Thrown for a request that is not approved, or that somebody else is applying: nothing of it is changed. */
class NotApproved extends AppError {}

/** Makes an approved change, or notes why it cannot be made. */
async function applyApproved(ctx: Context, kinds: readonly ChangeKind[], id: string): Promise<void> {
  let afterwards: AppliedChange<unknown>["afterwards"];
  try {
    const kind = await ctx.inTenant(async (tx) => findKind(kinds, (await findRequest(tx, ctx, id)).kind));
    const claim = async (tx: Tx) => {
      const row = await claimApproved(tx, ctx, id);
      return { row, asker: await contextOfAsker(tx, ctx, row), payload: kind.payload.parse(row.payload) };
    };
    if (kind.check === undefined)
      afterwards = await ctx.inTenant(async (tx) => {
        const { row, asker, payload } = await claim(tx);
        const applied = await kind.apply(asker, payload);
        await keepResult(tx, ctx, row, applied.result);
        return applied.afterwards;
      });
    else {
      const { row, asker, payload } = await ctx.inTenant(claim);
      const applied = await kind.apply(asker, payload);
      await ctx.inTenant((tx) => keepResult(tx, ctx, row, applied.result));
      afterwards = applied.afterwards;
    }
  } catch (error) {
    if (!(error instanceof AppError) || error instanceof NotApproved) throw error;
    await noteFailure(ctx, id, error.message);
    return;
  }
  await afterwards?.();
}

function findKind(kinds: readonly ChangeKind[], key: string): ChangeKind {
  const kind = [...kinds, policiesChange].find((one) => one.key === key);
  if (kind !== undefined) return kind;
  throw new AppError("precondition", "This program does not know the kind of this change. Ask for it anew.");
}

async function claimApproved(tx: Tx, ctx: Context, id: string): Promise<RequestRow> {
  const { count } = await tx.changeRequest.updateMany({
    where: { id, state: "approved" },
    data: { state: "applied", appliedAt: ctx.host.clock.now(), failure: null },
  });
  if (count === 0) throw new NotApproved("conflict", "This change is not approved, or was made already.");
  return findRequest(tx, ctx, id);
}

/** The one who asked, with what they may do now: what they lost meanwhile is not done in their name. */
async function contextOfAsker(tx: Tx, ctx: Context, row: RequestRow): Promise<Context> {
  const access = await findMemberAccess(tx, ctx.host.clock.now(), row.requestedById);
  if (access === null)
    throw new AppError("precondition", "The person who asked for this does not belong to the company any more.");
  return createContext(ctx.host, {
    tenantId: ctx.tenantId,
    actor: { kind: "person", id: row.requestedById, name: row.requestedByName },
    via: ctx.via,
    ...access,
    requestId: ctx.requestId,
  });
}

async function keepResult(tx: Tx, ctx: Context, row: RequestRow, result: unknown): Promise<void> {
  await tx.changeRequest.updateMany({ where: { id: row.id }, data: { result: toJsonColumn(result) } });
  await audit(tx, ctx, "change.applied", { after: { id: row.id, kind: row.kind, summary: row.summary } });
}

async function noteFailure(ctx: Context, id: string, reason: string): Promise<void> {
  await ctx.inTenant(async (tx) => {
    await tx.changeRequest.updateMany({
      where: { id, state: { in: ["approved", "applied"] }, result: { equals: Prisma.DbNull } },
      data: { state: "approved", appliedAt: null, failure: reason },
    });
    await audit(tx, ctx, "change.failed", { after: { id, reason } });
  });
}

function toChangeRequest(ctx: Context, row: RequestRow): ChangeRequest {
  const state = stateAt(row, ctx.host.clock.now());
  const isForMe =
    state === "requested" &&
    ctx.actor.kind === "person" &&
    row.requestedById !== ctx.actor.id &&
    ctx.permissions.has(row.permission) &&
    !row.decisions.some(({ userId }) => userId === ctx.actor.id);
  return {
    id: row.id,
    kind: row.kind,
    summary: row.summary,
    reason: row.reason,
    state,
    permission: row.permission,
    peopleNeeded: row.peopleNeeded,
    requestedBy: { id: row.requestedById, name: row.requestedByName },
    requestedAt: row.requestedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decisions: row.decisions
      .toSorted((a, b) => a.decidedAt.getTime() - b.decidedAt.getTime())
      .map(({ userId, userName, isApproval, comment, decidedAt }) => ({
        id: userId,
        name: userName,
        isApproval,
        comment,
        decidedAt: decidedAt.toISOString(),
      })),
    appliedAt: row.appliedAt?.toISOString() ?? null,
    failure: row.failure,
    isForMe,
    isMine: ctx.actor.kind === "person" && row.requestedById === ctx.actor.id,
  };
}
