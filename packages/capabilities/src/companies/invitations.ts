import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { createSignInLink, type SignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser } from "@finops/platform/identity/users";
import type { Context } from "@finops/platform/tenancy/context";
import {
  findRole,
  findUnit,
  lastingAccess,
  permissionsOf,
  readScope,
  requireMayGive,
  requireMayPlace,
  requireWholeOwner,
} from "../people/index.ts";
import { type Invitation, InvitationInput, type InvitationList } from "./contract.ts";

const validDays = 7;
const validMinutes = validDays * 24 * 60;
const listedMax = 500;

export async function listInvitations(ctx: Context): Promise<InvitationList> {
  requirePermission(ctx, "members:read");
  const rows = await ctx.inTenant((tx) =>
    tx.invitation.findMany({ include: parts, orderBy: [{ createdAt: "desc" }, { id: "desc" }], take: listedMax }),
  );
  return { invitations: rows.map((row) => toInvitation(row, ctx.host.clock.now())) };
}

/**
 * Invites an address. Its person belongs to the company once they use the link, which stands in the mail alone; whether the
 * platform knows them already is not told. Inviting an address anew replaces what it was invited to before. Throws `forbidden` for
 * more than one has oneself, and `conflict` for who belongs to the company.
 */
export async function invite(ctx: Context, input: unknown): Promise<Invitation> {
  const { result, afterwards } = await prepareInvitation(ctx, input);
  await afterwards();
  return result;
}

/** An invitation whose mail is sent by `afterwards`. */
export async function prepareInvitation(
  ctx: Context,
  input: unknown,
): Promise<{ result: Invitation; afterwards: () => Promise<void> }> {
  requirePermission(ctx, "members:write");
  const { email, role: roleKey, unitId, scope: wished } = InvitationInput.parse(input);
  const scope = readScope(wished);
  const now = ctx.host.clock.now();
  const { invitation, link } = await ctx.inTenant(async (tx) => {
    const role = await findRole(tx, roleKey);
    requireWholeOwner(role, scope);
    requireMayGive(await lastingAccess(tx, ctx, null), permissionsOf(role), scope);
    if (unitId !== null) await requireMayPlace(tx, ctx, (await findUnit(tx, unitId)).id);
    const userId = await ensureUser(ctx.host.db, { email, name: "" });
    if ((await tx.membership.count({ where: { userId } })) > 0)
      throw new AppError("conflict", `${email} belongs to the company already. Change the role instead.`);
    await endOpen(tx, email, now);
    const handed = await createSignInLink(
      ctx.host.db,
      ctx.host.clock,
      { tenantId: ctx.tenantId, userId },
      { validMinutes },
    );
    const row = await tx.invitation.create({
      data: {
        id: newId(),
        email,
        roleId: role.id,
        unitId,
        scope: scope === null ? Prisma.DbNull : toJsonColumn(scope),
        linkId: handed.id,
        invitedById: ctx.actor.id,
        invitedByName: ctx.actor.name,
        createdAt: now,
        sentAt: now,
        expiresAt: handed.expiresAt,
      },
      include: parts,
    });
    const sent = toInvitation(row, now);
    await audit(tx, ctx, "invitation.sent", { after: toJsonColumn(sent) });
    return { invitation: sent, link: handed };
  });
  return { result: invitation, afterwards: () => sendMail(ctx, invitation, link) };
}

/** Sends a new link, valid for another 7 days; the one before works no more. @throws conflict for one that is not open any more */
export async function resendInvitation(ctx: Context, id: string): Promise<Invitation> {
  requirePermission(ctx, "members:write");
  const now = ctx.host.clock.now();
  const { invitation, link } = await ctx.inTenant(async (tx) => {
    const row = await findOpen(tx, id);
    // Who sends it on gives what it gives.
    const role = await findRole(tx, row.role.key);
    requireMayGive(await lastingAccess(tx, ctx, null), permissionsOf(role), toInvitation(row, now).scope);
    const userId = await ensureUser(ctx.host.db, { email: row.email, name: "" });
    await dropLink(tx, row.linkId);
    const handed = await createSignInLink(
      ctx.host.db,
      ctx.host.clock,
      { tenantId: ctx.tenantId, userId },
      { validMinutes },
    );
    const data = { linkId: handed.id, sentAt: now, expiresAt: handed.expiresAt };
    await tx.invitation.updateMany({ where: { id }, data });
    await audit(tx, ctx, "invitation.resent", { after: { id, email: row.email } });
    return { invitation: toInvitation(await findOpen(tx, id), now), link: handed };
  });
  await sendMail(ctx, invitation, link);
  return invitation;
}

/** Takes an invitation back: its link is nothing from now on. @throws conflict for one that is not open any more */
export async function revokeInvitation(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "members:write");
  await ctx.inTenant(async (tx) => {
    const row = await findOpen(tx, id);
    await endOpen(tx, row.email, ctx.host.clock.now());
    await audit(tx, ctx, "invitation.revoked", { before: { id, email: row.email } });
  });
}

const parts = { role: true } as const;

type InvitationRow = Awaited<ReturnType<typeof findOpen>>;

async function findOpen(tx: Tx, id: string) {
  const row = isId(id) ? await tx.invitation.findFirst({ where: { id }, include: parts }) : null;
  if (row === null) throw new AppError("not_found", "The company has no such invitation.");
  if (row.acceptedAt !== null || row.revokedAt !== null)
    throw new AppError("conflict", `The invitation of ${row.email} was accepted or revoked before.`);
  return row;
}

async function endOpen(tx: Tx, email: string, now: Date): Promise<void> {
  const open = await tx.invitation.findFirst({ where: { email, acceptedAt: null, revokedAt: null } });
  if (open === null) return;
  await tx.invitation.updateMany({ where: { id: open.id, acceptedAt: null }, data: { revokedAt: now } });
  await dropLink(tx, open.linkId);
}

async function dropLink(tx: Tx, id: string | null): Promise<void> {
  if (id !== null) await tx.signInLink.deleteMany({ where: { id, usedAt: null } });
}

function toInvitation(row: InvitationRow, now: Date): Invitation {
  const { acceptedAt, revokedAt, expiresAt, role } = row;
  return {
    id: row.id,
    email: row.email,
    role: { key: role.key, name: role.name },
    unitId: row.unitId,
    scope: row.scope as Invitation["scope"],
    state:
      acceptedAt !== null
        ? "accepted"
        : revokedAt !== null
          ? "revoked"
          : expiresAt.getTime() <= now.getTime()
            ? "expired"
            : "open",
    invitedBy: row.invitedByName,
    sentAt: row.sentAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    acceptedAt: acceptedAt?.toISOString() ?? null,
  };
}

async function sendMail(ctx: Context, { email }: Invitation, { token }: SignInLink): Promise<void> {
  const { name } = await ctx.inTenant((tx) => tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenantId } }));
  await ctx.host.mail.send({
    to: email,
    subject: `Invitation to the costs of ${name}`,
    text: `${ctx.actor.name} invites you to ${name}. This link signs you in, once, within ${validDays} days:\n\n${ctx.host.baseUrl}/sign-in/${token}\n`,
  });
}
