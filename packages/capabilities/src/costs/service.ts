import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import { pinStore } from "@finops/pipeline/publish/publication-log";
import { fixedDimensions } from "@finops/warehouse/model/dimensions";
import { measureIds, measures } from "@finops/warehouse/model/measures";
import {
  type CostAnswer,
  type CostRowsAnswer,
  parseCostQuery,
  parseCostRowsQuery,
} from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { accessOf } from "./access.ts";
import type { CostCatalog } from "./contract.ts";

/** Answers a cost query with what is published now, or was at the end of the day that it names. */
export async function queryCosts(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<CostAnswer> {
  requirePermission(ctx, "costs:read");
  const query = parseCostQuery(input);
  const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId, query.asOf));
  return reader.query(accessOf(ctx), pinned, query, options);
}

/** The charge rows behind a figure. */
export async function queryCostRows(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<CostRowsAnswer> {
  requirePermission(ctx, "costs:read");
  const query = parseCostRowsQuery(input);
  const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId, query.asOf));
  return reader.rows(accessOf(ctx), pinned, query, options);
}

export async function getCostCatalog(ctx: Context): Promise<CostCatalog> {
  requirePermission(ctx, "costs:read");
  const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId));
  const manifests = pinned.generations
    .map((generation) => generation.manifest)
    .filter((manifest) => manifest.chargeStart !== null);
  const starts = manifests.map((manifest) => manifest.chargeStart!).toSorted();
  const ends = manifests.map((manifest) => manifest.chargeEnd!).toSorted();
  return {
    measures: measureIds.map((name) => ({
      name,
      label: measures[name].label,
      unit: measures[name].unit,
      about: measures[name].about,
      additive: measures[name].additive,
    })),
    dimensions: fixedDimensions.map(({ name, label }) => ({ name, label })),
    tagKeys: [...new Set(manifests.toReversed().flatMap((manifest) => manifest.tagKeys))],
    available: starts.length === 0 ? null : { start: starts[0]!, end: ends.at(-1)! },
    freshAt: pinned.freshAt,
  };
}
