import type { Permission } from "@finops/platform/access/permissions";
import { allOf } from "@finops/platform/access/row-filter";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type { CostAccess } from "@finops/warehouse/query/cost-store";

/**
 * What of its company's costs the caller may see. Every reader of costs asks here, so that no query is planned without it. What
 * takes another permission beside costs:read, such as an export, is limited by both.
 */
export function accessOf(ctx: Context, also: readonly Permission[] = []): CostAccess {
  const filters = also.map((permission) => ctx.rowFilters.get(permission) ?? null);
  const rowFilter = allOf([ctx.rowFilter, ...filters]);
  // Scopes are read as CostFilter when they are given, and the planner refuses what is none.
  return rowFilter === null
    ? { tenantId: ctx.tenantId }
    : { tenantId: ctx.tenantId, rowFilter: rowFilter as unknown as CostFilter };
}
