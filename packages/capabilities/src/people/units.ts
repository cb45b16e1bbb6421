import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import type { UnitNode } from "@finops/platform/access/effective-access";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { type Unit, UnitAccounts, UnitChange, UnitInput } from "./contract.ts";
import { requireWholeCosts } from "./delegation.ts";
import { openAt } from "./grant-state.ts";
import { isInUnit, requireMayPlace } from "./unit-grants.ts";

const unitsMax = 5000;

/** The organisation tree as a list; a unit names the one above it. */
export async function listUnits(ctx: Context): Promise<Unit[]> {
  requirePermission(ctx, "members:read");
  return ctx.inTenant(listUnitsIn);
}

export async function createUnit(ctx: Context, input: unknown): Promise<Unit> {
  requirePermission(ctx, "members:write");
  const { name, kind, parentId } = UnitInput.parse(input);
  return ctx.inTenant(async (tx) => {
    if (parentId !== null) await findUnit(tx, parentId);
    if ((await tx.unit.count()) >= unitsMax)
      throw new AppError("limit", `A company has at most ${unitsMax} units. Delete one that is empty.`);
    const data = { id: newId(), tenantId: ctx.tenantId, name, kind, parentId, createdAt: ctx.host.clock.now() };
    await tx.unit.create({ data });
    const unit = await findUnit(tx, data.id);
    await audit(tx, ctx, "unit.created", { after: unit });
    return unit;
  });
}

/** Renames a unit, or moves it with all below it. Who has a role in a unit above it has it in this one too from then on. */
export async function changeUnit(ctx: Context, id: string, input: unknown): Promise<Unit> {
  requirePermission(ctx, "members:write");
  const change = UnitChange.parse(input);
  return ctx.inTenant(async (tx) => {
    // Moves of one company go one after the other, so that two of them never make a circle.
    await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended('unit tree ' || ${ctx.tenantId}, 0))::text`;
    const before = await findUnit(tx, id);
    const parentId = change.parentId === undefined ? before.parentId : change.parentId;
    if (parentId !== before.parentId) {
      requireWholeCosts(ctx);
      if (parentId !== null) await requireOutside(tx, parentId, before);
      if (parentId !== null)
        await requireMayPlace(tx, ctx, parentId, (await isInUnit(tx, ctx.actor.id, id)) ? ctx.actor.id : null);
    }
    const data = { name: change.name ?? before.name, kind: change.kind ?? before.kind, parentId };
    await tx.unit.updateMany({ where: { id }, data });
    const after = await findUnit(tx, id);
    await audit(tx, ctx, "unit.changed", { before, after });
    return after;
  });
}

/** Says which accounts' costs are the unit's, all of them. Throws `conflict` for an account of another unit. */
export async function setUnitAccounts(ctx: Context, id: string, input: unknown): Promise<Unit> {
  requirePermission(ctx, "members:write");
  requireWholeCosts(ctx);
  const accounts = [...new Set(UnitAccounts.parse(input).accounts)];
  return ctx.inTenant(async (tx) => {
    const before = await findUnit(tx, id);
    const taken = await tx.unitAccount.findFirst({
      where: { account: { in: accounts }, NOT: { unitId: id } },
      include: { unit: true },
    });
    if (taken !== null)
      throw new AppError(
        "conflict",
        `The account ${taken.account} belongs to "${taken.unit.name}". Take it from there first.`,
        { facts: { account: taken.account, unit: taken.unitId } },
      );
    await tx.unitAccount.deleteMany({ where: { unitId: id, account: { notIn: accounts } } });
    await tx.unitAccount.createMany({
      data: accounts.map((account) => ({ account, unitId: id })),
      skipDuplicates: true,
    });
    const after = await findUnit(tx, id);
    await audit(tx, ctx, "unit.accounts-changed", { before, after });
    return after;
  });
}

/** Throws `conflict` for a unit that has something: units below it, people, accounts, or a role that is given in it. */
export async function deleteUnit(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "members:write");
  await ctx.inTenant(async (tx) => {
    const before = await findUnit(tx, id);
    const given = { AND: [{ OR: [{ unitId: id }, { memberUnitId: id }] }, openAt(ctx.host.clock.now())] };
    const has = [
      [await tx.unit.count({ where: { parentId: id } }), "units below it"],
      [before.memberCount, "people"],
      [before.accounts.length, "accounts"],
      [await tx.grant.count({ where: given }), "roles that are given in it"],
    ].flatMap(([count, what]) => (count === 0 ? [] : [what]));
    if (has.length > 0)
      throw new AppError("conflict", `"${before.name}" still has ${has.join(", ")}. Move or end them first.`);
    await tx.unit.deleteMany({ where: { id } });
    await audit(tx, ctx, "unit.deleted", { before });
  });
}

/** Throws `not_found` for a unit that the company does not have. */
export async function findUnit(tx: Tx, id: string): Promise<Unit> {
  const row = isId(id) ? await tx.unit.findFirst({ where: { id }, include: { accounts: true } }) : null;
  if (row === null) throw new AppError("not_found", "The company has no such unit.");
  return toUnit(row, await tx.membership.count({ where: { unitId: id } }));
}

export async function listUnitsIn(tx: Tx): Promise<Unit[]> {
  const rows = await tx.unit.findMany({ include: { accounts: true }, orderBy: [{ name: "asc" }, { id: "asc" }] });
  const counted = await tx.membership.groupBy({ by: ["unitId"], _count: true });
  const counts = new Map(counted.map((one) => [one.unitId, one._count]));
  return rows.map((row) => toUnit(row, counts.get(row.id) ?? 0));
}

/** The units with the accounts whose costs are theirs, for who asks what costs those are. */
export async function listUnitTree(tx: Tx): Promise<(UnitNode & { name: string })[]> {
  const rows = await tx.unit.findMany({ include: { accounts: true } });
  return rows.map(({ id, parentId, name, accounts }) => ({
    id,
    parentId,
    name,
    accounts: accounts.map(({ account }) => account),
  }));
}

/** A unit cannot be below itself. */
async function requireOutside(tx: Tx, parentId: string, unit: Unit): Promise<void> {
  for (let above: Unit | null = await findUnit(tx, parentId); above !== null;) {
    if (above.id === unit.id)
      throw new AppError("conflict", `"${unit.name}" cannot be moved below itself. Choose a unit outside of it.`);
    above = above.parentId === null ? null : await findUnit(tx, above.parentId);
  }
}

function toUnit(
  row: { id: string; parentId: string | null; kind: string; name: string; accounts: { account: string }[] },
  memberCount: number,
): Unit {
  const accounts = row.accounts.map(({ account }) => account).toSorted();
  const { id, parentId, name } = row;
  return { id, parentId, kind: row.kind as Unit["kind"], name, accounts, memberCount };
}
