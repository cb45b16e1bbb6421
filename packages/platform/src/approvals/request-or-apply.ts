import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { type AccessSubject, computeOwnAccess, listAccess } from "../access/list-access.ts";
import { audit } from "../audit/audit.ts";
import type { Tx } from "../db/database.ts";
import { toJsonColumn } from "../db/json-column.ts";
import { keepNotices } from "../notices/keep-notices.ts";
import type { Context } from "../tenancy/context.ts";
import { findApprovalPolicy } from "./approval-policies.ts";
import type { ApprovalPolicy } from "./approval-schema.ts";
import type { ChangeKind, TriedChangeKind } from "./change-kind.ts";

/** What became of a change: it is made, or it waits for others under this id. */
export type Requested<R> =
  | { isApplied: true; result: R }
  | { isApplied: false; request: { id: string; summary: string; peopleNeeded: number; expiresAt: string } };

/**
 * Makes a change at once where the company has no policy for it; else asks for it, and tells those who may approve. What would
 * be refused anyway is refused at once, so that nobody is asked in vain. Not to be called inside a transaction. The operator's
 * own work asks nobody. Throws `precondition` where there are too few people who could approve.
 */
export async function requestOrApply<P, R>(
  ctx: Context,
  kind: ChangeKind<P, R>,
  input: unknown,
  reason = "",
): Promise<Requested<R>> {
  const payload = kind.payload.parse(input);
  const policy =
    ctx.actor.kind === "system" ? null : await ctx.inTenant((tx) => findApprovalPolicy(tx, ctx.tenantId, kind.policy));
  if (policy === null) {
    const { result, afterwards } = await kind.apply(ctx, payload);
    await afterwards?.();
    return { isApplied: true, result };
  }
  if (ctx.actor.kind !== "person")
    throw new AppError(
      "forbidden",
      "Your company has this approved by somebody else, so a person asks for it, not a key. Sign in and do it in the page.",
    );
  const summary = oneLine(await rehearse(ctx, kind, payload));
  const { request, approvers } = await ctx.inTenant(async (tx) => {
    const others = await findApprovers(tx, ctx, policy);
    const now = ctx.host.clock.now();
    const made = await tx.changeRequest.create({
      data: {
        id: newId(now.getTime()),
        kind: kind.key,
        payload: toJsonColumn(payload),
        summary,
        reason,
        permission: policy.permission,
        peopleNeeded: policy.people,
        requestedById: ctx.actor.id,
        requestedByName: ctx.actor.name,
        requestedAt: now,
        expiresAt: new Date(now.getTime() + policy.validDays * 86_400_000),
      },
    });
    await audit(tx, ctx, "change.requested", {
      after: toJsonColumn({ id: made.id, kind: kind.key, summary, payload, reason }),
    });
    const personIds = others.map(({ id }) => id);
    const told = { about: { requestId: made.id }, kind: "approval" as const, text: reason, byName: ctx.actor.name };
    await keepNotices(tx, [{ ...told, personIds }], now);
    return { request: made, approvers: others };
  });
  await tellApprovers(ctx, approvers, request);
  const expiresAt = request.expiresAt.toISOString();
  return { isApplied: false, request: { id: request.id, summary, peopleNeeded: policy.people, expiresAt } };
}

/** Thrown to take a trial back. */
class Rehearsed extends Error {}

/** What a change would come to in a sentence, with every check that it makes; nothing of it stays. */
async function rehearse<P, R>(ctx: Context, kind: ChangeKind<P, R>, payload: P): Promise<string> {
  if (kind.check !== undefined) return kind.check(ctx, payload);
  return kind.describe(await tryChange(ctx, kind, payload), payload);
}

/** What a change would come to, with every check that it makes; nothing of it stays. */
export async function tryChange<P, R>(ctx: Context, kind: TriedChangeKind<P, R>, payload: P): Promise<R> {
  const results: R[] = [];
  try {
    await ctx.inTenant(async () => {
      results.push((await kind.apply(ctx, payload)).result);
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
  return results[0]!;
}

/** Names come from people, and a line break in the subject of a mail would be a header of it. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").slice(0, 500);
}

/** Everybody but the one who asks who may approve. Throws `precondition` when they are too few. */
async function findApprovers(tx: Tx, ctx: Context, policy: ApprovalPolicy): Promise<AccessSubject[]> {
  const approvers = (await listPeopleWho(tx, ctx, policy.permission)).filter((person) => person.id !== ctx.actor.id);
  if (approvers.length >= policy.people) return approvers;
  throw new AppError(
    "precondition",
    `This has to be approved by ${policy.people} other people with the permission "${policy.permission}", and there are ${approvers.length}. Ask an owner to give it to somebody, or to change the approval policy.`,
    { facts: { permission: policy.permission, people: policy.people, found: approvers.length } },
  );
}

/** The people of the company who may approve with a permission: what was delegated to them, perhaps by the asker, does not count. */
export async function listPeopleWho(tx: Tx, ctx: Context, permission: string): Promise<AccessSubject[]> {
  const now = ctx.host.clock.now();
  const people = await listAccess(tx, now, { kind: "person" });
  return people.filter((person) => computeOwnAccess(person, now).permissions.has(permission));
}

/** The request stands whether or not a mail arrives: it is on the page of everybody who may approve it. */
async function tellApprovers(
  ctx: Context,
  approvers: readonly AccessSubject[],
  { summary, reason, expiresAt }: { summary: string; reason: string; expiresAt: Date },
): Promise<void> {
  const text = [
    `${ctx.actor.name} asks for this change:`,
    summary,
    ...(reason === "" ? [] : [`Why: ${reason}`]),
    `Approve or reject it until ${expiresAt.toISOString().slice(0, 10)}: ${ctx.host.baseUrl}/settings/approvals`,
  ].join("\n\n");
  const sent = await Promise.allSettled(
    approvers.map(({ email }) =>
      ctx.host.mail.send({ to: email!, subject: `To approve: ${summary}`.slice(0, 150), text }),
    ),
  );
  for (const one of sent)
    if (one.status === "rejected")
      ctx.host.log.error({ err: one.reason as unknown, requestId: ctx.requestId }, "a mail to who may approve failed");
}
