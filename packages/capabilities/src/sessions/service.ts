import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { computeSessionEnds, type SessionPolicy, sessionPolicySection } from "@finops/platform/identity/session-policy";
import { letsIn, type NetworkPolicy, networkPolicySection, parseRange } from "@finops/platform/network/network-policy";
import { readSettings, writeSettings } from "@finops/platform/tenancy/company-settings";
import type { Context } from "@finops/platform/tenancy/context";
import {
  type EndedSessions,
  NetworkPolicyInput,
  type Session,
  type SessionList,
  SessionPolicyInput,
  SessionsParameters,
} from "./contract.ts";

const listedMax = 500;

/** Where oneself is signed in, or everybody of the company; the newest first. */
export async function listSessions(ctx: Context, input: unknown): Promise<SessionList> {
  const { of } = SessionsParameters.parse(input);
  if (of === "everyone") requirePermission(ctx, "members:write");
  return ctx.inTenant(async (tx) => {
    const whose = of === "me" ? { userId: personOf(ctx) } : {};
    return { sessions: (await findRunning(tx, ctx, whose)).map((row) => toSession(ctx, row)) };
  });
}

/** Ends one's own session, or with the permission anybody's. Throws `not_found` where there is none that goes on. */
export async function endSessionById(ctx: Context, id: string): Promise<void> {
  const isAdmin = ctx.permissions.has("members:write");
  await ctx.inTenant(async (tx) => {
    const whose = isAdmin ? {} : { userId: personOf(ctx) };
    const [row] = isId(id) ? await findRunning(tx, ctx, { id, ...whose }) : [];
    if (row === undefined) throw new AppError("not_found", "There is no such session, or it is over.");
    await tx.session.update({ where: { id }, data: { endedAt: ctx.host.clock.now() } });
    await audit(tx, ctx, "session.ended", { before: { session: id, user: row.userId } });
  });
}

/** Ends a member's sessions in this company; those in other companies are not this company's to end. */
export async function endSessionsOfMember(ctx: Context, userId: string): Promise<EndedSessions> {
  requirePermission(ctx, "members:write");
  return ctx.inTenant(async (tx) => {
    const member = isId(userId) ? await tx.membership.findFirst({ where: { userId } }) : null;
    if (member === null) throw new AppError("not_found", "There is no such person in the company.");
    const { count } = await tx.session.updateMany({
      where: { tenantId: ctx.tenantId, userId, endedAt: null },
      data: { endedAt: ctx.host.clock.now() },
    });
    await audit(tx, ctx, "session.ended-of-member", { before: { user: userId, sessions: count } });
    return { ended: count };
  });
}

/** Signs everybody of the company out, but for the session that asks. A key, which has none, would leave nobody in. */
export async function endAllSessions(ctx: Context): Promise<EndedSessions> {
  requirePermission(ctx, "settings:write");
  if (ctx.actor.kind === "key")
    throw new AppError("forbidden", "Everybody is signed out by a person, or by `finops sessions end`. Ask as one.");
  return ctx.inTenant(async (tx) => {
    const own = ctx.sessionId === null ? {} : { id: { not: ctx.sessionId } };
    await tx.tenant.update({ where: { id: ctx.tenantId }, data: { sessionEpoch: { increment: 1 } } });
    if (ctx.sessionId !== null)
      await tx.session.update({ where: { id: ctx.sessionId }, data: { epoch: { increment: 1 } } });
    const { count } = await tx.session.updateMany({
      where: { tenantId: ctx.tenantId, endedAt: null, ...own },
      data: { endedAt: ctx.host.clock.now() },
    });
    await audit(tx, ctx, "session.ended-of-all", { before: { sessions: count } });
    return { ended: count };
  });
}

export async function getSessionPolicy(ctx: Context): Promise<SessionPolicy> {
  requirePermission(ctx, "members:read");
  return ctx.inTenant((tx) => readSettings(tx, ctx.tenantId, sessionPolicySection));
}

/** A shorter policy holds for the sessions that run as well, a longer one for those that follow. */
export async function setSessionPolicy(ctx: Context, input: unknown): Promise<SessionPolicy> {
  requirePermission(ctx, "settings:write");
  const after = SessionPolicyInput.parse(input);
  return ctx.inTenant(async (tx) => {
    const before = await readSettings(tx, ctx.tenantId, sessionPolicySection);
    await writeSettings(tx, ctx.tenantId, sessionPolicySection, after);
    await shortenRunning(tx, ctx, after);
    await audit(tx, ctx, "session-policy.changed", { before, after });
    return after;
  });
}

export async function getNetworkPolicy(ctx: Context): Promise<NetworkPolicy> {
  requirePermission(ctx, "settings:write");
  return ctx.inTenant((tx) => readSettings(tx, ctx.tenantId, networkPolicySection));
}

/**
 * Says from which addresses people and keys are let in, from the next request on. Throws `conflict` for a policy that would
 * shut out who sets it.
 */
export async function setNetworkPolicy(ctx: Context, input: unknown): Promise<NetworkPolicy> {
  requirePermission(ctx, "settings:write");
  const after = { allowedRanges: [...new Set(NetworkPolicyInput.parse(input).allowedRanges.map(parseRange))] };
  if (ctx.actor.kind !== "system" && !letsIn(after, ctx.address))
    throw new AppError(
      "conflict",
      `Your own address (${ctx.address ?? "which is unknown"}) is in none of these ranges, so you would shut yourself out. Add it.`,
    );
  return ctx.inTenant(async (tx) => {
    const before = await readSettings(tx, ctx.tenantId, networkPolicySection);
    await writeSettings(tx, ctx.tenantId, networkPolicySection, after);
    await audit(tx, ctx, "network-policy.changed", { before, after });
    return after;
  });
}

/** In memory, as the number of people of a company who are signed in is small, and the ends depend on each one's start. */
async function shortenRunning(tx: Tx, ctx: Context, policy: SessionPolicy): Promise<void> {
  const now = ctx.host.clock.now();
  for (const row of await findRunning(tx, ctx, {})) {
    const ends = computeSessionEnds(policy, row.createdAt, row.isRemembered);
    const idleUntil = row.idleUntil === null ? null : computeSessionEnds(policy, now, false).idleUntil;
    const expiresAt = earlier(row.expiresAt, ends.expiresAt);
    const data = { expiresAt, idleUntil: idleUntil && earlier(row.idleUntil!, earlier(idleUntil, expiresAt)) };
    await tx.session.update({ where: { id: row.id }, data });
  }
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

const parts = { user: { select: { id: true, name: true, email: true } } } as const;

type Row = Awaited<ReturnType<typeof findRunning>>[number];

/** The newest first. */
function findRunning(tx: Tx, ctx: Context, which: { id?: string; userId?: string }) {
  const now = ctx.host.clock.now();
  return tx.session.findMany({
    where: {
      tenantId: ctx.tenantId,
      ...which,
      endedAt: null,
      expiresAt: { gt: now },
      OR: [{ idleUntil: null }, { idleUntil: { gt: now } }],
    },
    omit: { tokenHash: true },
    include: parts,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: listedMax,
  });
}

function toSession(ctx: Context, row: Row): Session {
  const { id, user, method, userAgent, address, isRemembered } = row;
  return {
    id,
    user,
    method,
    userAgent,
    address,
    isRemembered,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    idleUntil: row.idleUntil?.toISOString() ?? null,
    isCurrent: id === ctx.sessionId,
  };
}

function personOf({ actor }: Context): string {
  if (actor.kind !== "person")
    throw new AppError("forbidden", "A key has no sessions of its own. Ask as a person, or for everyone's.");
  return actor.id;
}
