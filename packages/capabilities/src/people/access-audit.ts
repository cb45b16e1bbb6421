import { AppError } from "@finops/kernel/app-error";
import { type AccessPath, traceAccess } from "@finops/platform/access/effective-access";
import { allPermissions, type Permission, permissionCatalog } from "@finops/platform/access/permissions";
import { requirePermission } from "@finops/platform/access/require-permission";
import { anyOf } from "@finops/platform/access/row-filter";
import type { Context } from "@finops/platform/tenancy/context";
import type { AccessReason, Scope, WhatCan, WhoCan } from "./contract.ts";
import { loadSubjects, type TracedRole } from "./load-subjects.ts";

/** Every person and key that may do it now, through what, and for which costs. */
export async function findWhoCan(ctx: Context, permission: Permission): Promise<WhoCan> {
  requirePermission(ctx, "audit:read");
  const now = ctx.host.clock.now();
  const subjects = await ctx.inTenant((tx) => loadSubjects(tx, now));
  return {
    permission,
    subjects: subjects.flatMap(({ kind, id, name, email, facts }) => {
      const paths = traceAccess(facts, now).get(permission);
      if (paths === undefined) return [];
      return [{ kind, id, name, email, scope: scopeOf(paths), through: paths.map(toReason) }];
    }),
  };
}

/** Everything that a person may do now, through what, and for which costs. Everybody may ask it of themselves. */
export async function findWhatCan(ctx: Context, personId: string): Promise<WhatCan> {
  if (personId !== ctx.actor.id) requirePermission(ctx, "audit:read");
  const now = ctx.host.clock.now();
  const [person] = await ctx.inTenant((tx) => loadSubjects(tx, now, { kind: "person", id: personId }));
  if (person === undefined) throw new AppError("not_found", "Nobody with this id belongs to the company.");
  const paths = traceAccess(person.facts, now);
  return {
    person: { id: person.id, name: person.name, email: person.email ?? "" },
    permissions: allPermissions.flatMap((permission) => {
      const ways = paths.get(permission);
      if (ways === undefined) return [];
      const about = permissionCatalog[permission];
      return [{ permission, about, scope: scopeOf(ways), through: ways.map(toReason) }];
    }),
  };
}

function scopeOf(paths: readonly AccessPath[]): Scope {
  const filters = paths.map((path) => path.rowFilter);
  return filters.includes(null) ? null : (anyOf(filters.filter((filter) => filter !== null)) as Scope);
}

function toReason({ given, rowFilter }: AccessPath<TracedRole>): AccessReason {
  const { grantId, roleKey, unitId, validUntilMs, group, memberUnitId, ruleId, delegatedBy } = given;
  return {
    grantId,
    role: roleKey === "" ? null : roleKey,
    group,
    memberUnitId,
    ruleId,
    delegatedBy,
    unitId,
    scope: rowFilter as Scope,
    validUntil: validUntilMs === null ? null : new Date(validUntilMs).toISOString(),
  };
}
