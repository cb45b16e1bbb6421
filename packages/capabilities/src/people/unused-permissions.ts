import { computeEffectiveAccess } from "@finops/platform/access/effective-access";
import { listAccess } from "@finops/platform/access/list-access";
import { requirePermission } from "@finops/platform/access/require-permission";
import { columnToDay, dayToColumn } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import { type UnusedPermissions, UnusedParameters } from "./contract.ts";

/** What people and keys may do now and did not do in so many days: what can be taken from them without anybody missing it. */
export async function findUnusedPermissions(ctx: Context, input: { days?: number } = {}): Promise<UnusedPermissions> {
  requirePermission(ctx, "audit:read");
  const { days } = UnusedParameters.parse(input);
  const now = ctx.host.clock.now();
  const from = columnToDay(new Date(dayToColumn(ctx.host.clock.today()).getTime() - days * 86_400_000));
  const { subjects, uses } = await ctx.inTenant(async (tx) => ({
    subjects: await listAccess(tx, now),
    uses: await tx.permissionUse.findMany(),
  }));
  const lastUsed = new Map(
    uses.map((use) => [`${use.actorKind} ${use.actorId} ${use.permission}`, columnToDay(use.lastOn)]),
  );
  return {
    days,
    notedSince: uses.map((use) => columnToDay(use.firstOn)).toSorted()[0] ?? null,
    subjects: subjects.flatMap(({ kind, id, name, email, facts }) => {
      const permissions = [...computeEffectiveAccess(facts, now).permissions]
        .map((permission) => ({ permission, lastUsedOn: lastUsed.get(`${kind} ${id} ${permission}`) ?? null }))
        .filter(({ lastUsedOn }) => lastUsedOn === null || lastUsedOn < from)
        .toSorted((a, b) => (a.permission < b.permission ? -1 : 1));
      return permissions.length === 0 ? [] : [{ kind, id, name, email, permissions }];
    }),
  };
}
