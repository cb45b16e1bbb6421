import { isId } from "@finops/kernel/id";
import { unitFilter } from "@finops/platform/access/effective-access";
import { allOf, type RowFilter } from "@finops/platform/access/row-filter";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import type { Scope } from "./contract.ts";
import { notToOneself, requireMayGive } from "./delegation.ts";
import { openAt } from "./grant-state.ts";
import { lastingAccess } from "./lasting-access.ts";
import { permissionsOf } from "./roles.ts";

/**
 * Who is put into a unit gets what its people and those of the units above it are given, so whoever puts them there must have it,
 * and nobody gets it by their own hand.
 */
export async function requireMayPlace(
  tx: Tx,
  ctx: Context,
  unitId: string,
  personId: string | null = null,
): Promise<void> {
  const grants = await tx.grant.findMany({
    where: { AND: [{ memberUnitId: { in: await listUnitsAbove(tx, unitId) } }, openAt(ctx.host.clock.now())] },
    include: { role: { include: { permissions: true } } },
  });
  if (grants.length > 0 && personId === ctx.actor.id) throw notToOneself();
  for (const grant of grants) {
    const own = await lastingAccess(tx, ctx, grant.validUntil);
    const ofUnit = grant.unitId === null ? null : unitFilter(grant.unitId, await listNodes(tx));
    requireMayGive(own, permissionsOf(grant.role), allOf([grant.scope as RowFilter | null, ofUnit]) as Scope);
  }
}

/** Whether somebody belongs to a unit or to one below it. */
export async function isInUnit(tx: Tx, personId: string, unitId: string): Promise<boolean> {
  const member = isId(personId) ? await tx.membership.findFirst({ where: { userId: personId } }) : null;
  return member?.unitId != null && (await listUnitsAbove(tx, member.unitId)).includes(unitId);
}

/** A unit and all above it. */
async function listUnitsAbove(tx: Tx, unitId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    with recursive above as (
      select id, parent_id from unit where id = ${unitId}::uuid
      union
      select u.id, u.parent_id from above a join unit u on u.id = a.parent_id
    )
    select id::text from above`;
  return rows.map(({ id }) => id);
}

async function listNodes(tx: Tx) {
  const units = await tx.unit.findMany({ include: { accounts: true } });
  return units.map(({ id, parentId, accounts }) => ({
    id,
    parentId,
    accounts: accounts.map(({ account }) => account),
  }));
}
