import type { Context } from "@finops/platform/tenancy/context";
import type { CostAccess } from "@finops/warehouse/query/cost-store";

/** What of its company's costs the caller may see. Every reader of costs asks here, so that no query is planned without it. */
export function accessOf(ctx: Context): CostAccess {
  return { tenantId: ctx.tenantId };
}
