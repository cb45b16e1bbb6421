import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { computeEffectiveAccess, type EffectiveAccess } from "@finops/platform/access/effective-access";
import { type AccessSubject, listAccess } from "@finops/platform/access/list-access";
import { currentRoleKey } from "@finops/platform/access/permissions";
import { requirePermission } from "@finops/platform/access/require-permission";
import { allOf, noRows } from "@finops/platform/access/row-filter";
import type { Tx } from "@finops/platform/db/database";
import { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { queryCosts } from "../costs/index.ts";
import { type AccessPreview, PreviewInput, type Scope } from "./contract.ts";
import { readScope } from "./delegation.ts";
import { findMember } from "./members.ts";
import { findRole } from "./roles.ts";
import { findUnit } from "./units.ts";

/**
 * What a person may do and sees now, and with another role, grant or unit. The changes are made in a transaction that is taken
 * back, so that the answer comes from the same computation as every request. For who gives access, and for who checks it.
 */
export async function previewAccess(ctx: Context, reader: CostReader, input: unknown): Promise<AccessPreview> {
  if (!ctx.permissions.has("audit:read")) requirePermission(ctx, "access:write");
  const wish = PreviewInput.parse(input);
  const { subject, before, after } = await tryOut(ctx, wish);
  const period = lastMonth(ctx.host.clock.today());
  const state = async ({ permissions, rowFilters }: EffectiveAccess) => ({
    permissions: [...permissions]
      .toSorted()
      .map((permission) => ({ permission, scope: (rowFilters.get(permission) ?? null) as Scope })),
    costs: await costsSeen(ctx, reader, { permissions, rowFilters }, period),
  });
  return {
    person: { id: subject.id, name: subject.name, email: subject.email ?? "" },
    period,
    before: await state(before),
    after: await state(after),
    gained: [...after.permissions].filter((permission) => !before.permissions.has(permission)).toSorted(),
    lost: [...before.permissions].filter((permission) => !after.permissions.has(permission)).toSorted(),
  };
}

/** Thrown to take a trial back. */
class Tried extends Error {}

async function tryOut(ctx: Context, wish: ReturnType<typeof PreviewInput.parse>) {
  const now = ctx.host.clock.now();
  const found: { subject: AccessSubject; access: EffectiveAccess }[] = [];
  const look = async (tx: Tx) => {
    const [subject] = isId(wish.person) ? await listAccess(tx, now, { kind: "person", id: wish.person }) : [];
    if (subject === undefined) throw new AppError("not_found", "Nobody with this id belongs to the company.");
    found.push({ subject, access: computeEffectiveAccess(subject.facts, now) });
  };
  try {
    await ctx.inTenant(async (tx) => {
      await look(tx);
      await change(tx, ctx, wish, now);
      await look(tx);
      throw new Tried();
    });
  } catch (error) {
    if (!(error instanceof Tried)) throw error;
  }
  const [before, after] = found as [(typeof found)[number], (typeof found)[number]];
  return { subject: before.subject, before: before.access, after: after.access };
}

async function change(tx: Tx, ctx: Context, wish: ReturnType<typeof PreviewInput.parse>, now: Date): Promise<void> {
  await findMember(tx, wish.person);
  const { permissionsOf } = wish;
  if (permissionsOf !== undefined) {
    const role = await findOrMakeRole(tx, ctx, permissionsOf.role);
    if (role.builtIn)
      throw new AppError("conflict", `"${role.name}" is built in and stays as it is. Try a role of your own instead.`);
    await tx.permission.deleteMany({ where: { roleId: role.id } });
    await tx.permission.createMany({
      data: [...new Set(permissionsOf.permissions)].map((key) => ({ roleId: role.id, key })),
    });
  }
  if (wish.unitId != null) await findUnit(tx, wish.unitId);
  const scope = wish.scope === undefined ? undefined : readScope(wish.scope);
  await tx.membership.updateMany({
    where: { userId: wish.person },
    data: {
      ...(wish.role === undefined ? {} : { roleId: (await findRole(tx, wish.role)).id }),
      ...(scope === undefined ? {} : { scope: scope === null ? Prisma.DbNull : toJsonColumn(scope) }),
      ...(wish.unitId === undefined ? {} : { unitId: wish.unitId }),
    },
  });
  await tx.grant.updateMany({
    where: { id: { in: wish.revoke.filter(isId) }, revokedAt: null },
    data: { revokedAt: now },
  });
  for (const { role, unitId, scope: limit } of wish.give) {
    if (unitId !== null) await findUnit(tx, unitId);
    const kept = readScope(limit);
    await tx.grant.create({
      data: {
        id: newId(now.getTime()),
        userId: wish.person,
        roleId: (await findRole(tx, role)).id,
        unitId,
        ...(kept === null ? {} : { scope: toJsonColumn(kept) }),
        validFrom: now,
        grantedById: ctx.actor.id,
        grantedByName: ctx.actor.name,
      },
    });
  }
}

/** A role that is being thought of does not exist yet. */
async function findOrMakeRole(tx: Tx, ctx: Context, key: string) {
  const known = await tx.role.findFirst({ where: { key: currentRoleKey(key) } });
  const createdAt = ctx.host.clock.now();
  return known ?? tx.role.create({ data: { id: newId(), tenantId: ctx.tenantId, key, name: key, createdAt } });
}

/** The costs that the asker and the person both see: nobody learns a total by looking through another's eyes. */
async function costsSeen(
  ctx: Context,
  reader: CostReader,
  access: EffectiveAccess,
  period: { start: string; end: string },
): Promise<{ currency: string; amount: string }[] | null> {
  if (!ctx.permissions.has("costs:read")) return null;
  const seen = access.permissions.has("costs:read") ? (access.rowFilters.get("costs:read") ?? null) : noRows;
  const both = { ...ctx, rowFilter: allOf([ctx.rowFilter, seen]) };
  const { totals } = await queryCosts(both, reader, { measures: ["effectiveCost"], period });
  return totals.flatMap(({ currency, values }) => {
    const amount = values["effectiveCost"]?.value ?? null;
    return amount === null ? [] : [{ currency, amount }];
  });
}

/** The month before the one of a day, whose bills are complete. */
function lastMonth(today: string): { start: string; end: string } {
  const end = `${today.slice(0, 7)}-01`;
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  const start = month === 1 ? `${year - 1}-12-01` : `${year}-${String(month - 1).padStart(2, "0")}-01`;
  return { start, end };
}
