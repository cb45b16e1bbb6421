import { AppError } from "@finops/kernel/app-error";
import type { EffectiveAccess } from "@finops/platform/access/effective-access";
import { findMemberAccess } from "@finops/platform/access/list-access";
import type { Permission } from "@finops/platform/access/permissions";
import { allOf, type RowFilter } from "@finops/platform/access/row-filter";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import type { ScheduleDefinition } from "./contract.ts";
import { tellsOthers } from "./service.ts";

/**
 * Who a schedule's figures are asked for: its owner, with what they may see at this moment, and no more than they may tell others
 * or take along. Throws `forbidden` with what is missing.
 */
export async function ownerContext(
  ctx: Context,
  owner: { id: string; name: string },
  definition: ScheduleDefinition,
): Promise<Context> {
  const { host, tenantId, companyState } = ctx;
  const access = await ctx.inTenant((tx) => findMemberAccess(tx, host.clock.now(), owner.id));
  if (access === null) throw new AppError("forbidden", `${owner.name} does not belong to the company any more.`);
  const needed: Permission[] = [
    "costs:read",
    ...(tellsOthers(definition, owner.id) ? (["views:write"] as const) : []),
    ...(definition.forms.csv ? (["exports:write"] as const) : []),
  ];
  const missing = needed.find((permission) => !access.permissions.has(permission));
  if (missing !== undefined)
    throw new AppError("forbidden", `${owner.name} does not have the permission "${missing}" any more.`);
  return createContext(host, {
    tenantId,
    companyState,
    actor: { kind: "person", ...owner },
    via: "job",
    permissions: access.permissions,
    rowFilters: narrowed(access, needed),
  });
}

/** What limits telling and taking along limits what is asked as well. */
function narrowed({ rowFilters }: EffectiveAccess, needed: readonly Permission[]): ReadonlyMap<string, RowFilter> {
  const limit = allOf(needed.map((permission) => rowFilters.get(permission) ?? null));
  return limit === null ? rowFilters : new Map([...rowFilters, ["costs:read", limit]]);
}
