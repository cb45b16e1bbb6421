import { unitFilter } from "@finops/platform/access/effective-access";
import { allOf, type RowFilter } from "@finops/platform/access/row-filter";
import type { Tx } from "@finops/platform/db/database";
import type { Prisma } from "@finops/platform/db/generated/client";
import type { Context } from "@finops/platform/tenancy/context";
import type { Scope } from "./contract.ts";
import { openAt } from "./grant-state.ts";
import { listUnitsIn } from "./units.ts";

/** Grants that give something now, or will. */
export async function openGrants(tx: Tx, ctx: Context, where: Prisma.GrantWhereInput) {
  return tx.grant.findMany({
    where: { AND: [where, openAt(ctx.host.clock.now())] },
    include: { role: { include: { permissions: true } } },
  });
}

/** What limits a grant: its scope within its unit's costs. */
export async function scopeOfGrant(tx: Tx, grant: { unitId: string | null; scope: unknown }): Promise<Scope> {
  const ofUnit = grant.unitId === null ? null : unitFilter(grant.unitId, await listUnitsIn(tx));
  return allOf([grant.scope as RowFilter | null, ofUnit]) as Scope;
}
