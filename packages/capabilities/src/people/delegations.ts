import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { computeEffectiveAccess } from "@finops/platform/access/effective-access";
import { listAccess } from "@finops/platform/access/list-access";
import { audit } from "@finops/platform/audit/audit";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import { DelegationInput, type Grant } from "./contract.ts";
import { notToOneself, readScope } from "./delegation.ts";
import { openAt } from "./grant-state.ts";
import { findGrant, grantParts, toGrant } from "./grants.ts";
import { findMember } from "./members.ts";
import { findRole } from "./roles.ts";
import { findUnit } from "./units.ts";

const daysMax = 90;
/** One person has so many at a time, in each direction: what somebody may do is worked out through all of them at every request. */
const openMax = 100;

/**
 * Lets a colleague do for a time what one may do oneself, such as during a holiday. Of the role they have what the giver has at
 * each moment, of the costs that the giver sees; when the giver loses it, it ends. It takes no permission: everything in it is
 * the giver's own. Throws `forbidden` where nothing would be given.
 */
export async function delegate(ctx: Context, input: unknown): Promise<Grant> {
  const { person, role: roleKey, unitId, scope: wished, validUntil, reason } = DelegationInput.parse(input);
  const [now, end, scope] = [ctx.host.clock.now(), new Date(validUntil), readScope(wished)];
  if (ctx.actor.kind !== "person")
    throw new AppError("forbidden", "People delegate, not keys. Sign in and do it there.");
  if (end <= now) throw new AppError("invalid", "validUntil: The end has passed.");
  if (end.getTime() > now.getTime() + daysMax * 86_400_000)
    throw new AppError(
      "invalid",
      `validUntil: What is delegated ends within ${daysMax} days. Ask for a grant for longer.`,
    );
  if (person === ctx.actor.id) throw notToOneself();
  return ctx.inTenant(async (tx) => {
    await findMember(tx, person);
    const role = await findRole(tx, roleKey);
    if (role.key === "owner")
      throw new AppError("invalid", "role: To be an owner is not delegated. Delegate the role of an administrator.");
    if (unitId !== null) await findUnit(tx, unitId);
    for (const side of [{ delegatedBy: ctx.actor.id }, { userId: person, NOT: { delegatedBy: null } }])
      if ((await tx.grant.count({ where: { AND: [side, openAt(now)] } })) >= openMax)
        throw new AppError(
          "limit",
          `A person has at most ${openMax} delegations at a time. End one that is not needed.`,
        );
    const { id } = await tx.grant.create({
      data: {
        id: newId(now.getTime()),
        userId: person,
        roleId: role.id,
        unitId,
        ...(scope === null ? {} : { scope: toJsonColumn(scope) }),
        validFrom: now,
        validUntil: end,
        reason,
        grantedById: ctx.actor.id,
        grantedByName: ctx.actor.name,
        createdAt: now,
        delegatedBy: ctx.actor.id,
      },
    });
    // What it comes to is asked of the one computation, which knows the giver's scopes and the length of the chain.
    const [receiver] = await listAccess(tx, now, { kind: "person", id: person });
    const given = receiver?.facts.given.filter(({ grantId }) => grantId === id) ?? [];
    if (receiver === undefined || computeEffectiveAccess({ ...receiver.facts, given }, now).permissions.size === 0)
      throw new AppError(
        "forbidden",
        "They would get nothing by it: you have no permission of this role yourself, or have it by too long a chain of delegations.",
      );
    const grant = toGrant(ctx, await findGrant(tx, id));
    await audit(tx, ctx, "access.delegated", { after: toJsonColumn(grant) });
    return grant;
  });
}

/** What one delegates at the moment, and what is delegated to one. */
export async function listDelegations(ctx: Context): Promise<{ given: Grant[]; received: Grant[] }> {
  if (ctx.actor.kind !== "person") return { given: [], received: [] };
  const rows = await ctx.inTenant((tx) =>
    tx.grant.findMany({
      where: {
        AND: [
          { NOT: { delegatedBy: null } },
          { OR: [{ delegatedBy: ctx.actor.id }, { userId: ctx.actor.id }] },
          openAt(ctx.host.clock.now()),
        ],
      },
      include: grantParts,
      orderBy: { id: "desc" },
    }),
  );
  const of = (isMine: boolean) =>
    rows.filter(({ delegatedBy }) => (delegatedBy === ctx.actor.id) === isMine).map((row) => toGrant(ctx, row));
  return { given: of(true), received: of(false) };
}

/** Ends what one delegated oneself, at once. Others end it as they revoke any grant. */
export async function endDelegation(ctx: Context, id: string): Promise<void> {
  await ctx.inTenant(async (tx) => {
    const row = await findGrant(tx, id);
    if (row.delegatedBy !== ctx.actor.id) throw new AppError("not_found", "You have delegated nothing with this id.");
    const { count } = await tx.grant.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: ctx.host.clock.now(), revokedByName: ctx.actor.name },
    });
    if (count === 0) throw new AppError("not_found", "This delegation has ended before.");
    await audit(tx, ctx, "grant.revoked", { before: toJsonColumn(toGrant(ctx, row)) });
  });
}
