import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import { apiVersion } from "@finops/platform/http/api-version";
import { entityTag } from "@finops/platform/http/entity-tag";
import { pinPublished, readPublished } from "@finops/pipeline/publish/pin-published";
import { fixedDimensions } from "@finops/warehouse/model/dimensions";
import { measureIds, measures } from "@finops/warehouse/model/measures";
import {
  type CostAnswer,
  type CostRowsAnswer,
  type CostValuesAnswer,
  parseCostQuery,
  parseCostRowsQuery,
  parseCostValuesQuery,
} from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { PinnedStore, ReadOptions } from "@finops/warehouse/query/cost-store";
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
  return readPublished(ctx, { ...options, asOf: query.asOf }, (pinned, inside) =>
    reader.query(accessOf(ctx), pinned, query, inside),
  );
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
  return readPublished(ctx, { ...options, asOf: query.asOf }, (pinned, inside) =>
    reader.rows(accessOf(ctx), pinned, query, inside),
  );
}

/** The values of a dimension with their cost, such as for a list to choose a filter from. */
export async function listCostValues(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<CostValuesAnswer> {
  requirePermission(ctx, "costs:read");
  const query = parseCostValuesQuery(input);
  return readPublished(ctx, { ...options, asOf: query.asOf }, (pinned, inside) =>
    reader.values(accessOf(ctx), pinned, query, inside),
  );
}

/** Where the publication log stands, or stood at the end of that day: all that an answer depends on beside its request. */
export async function findCostPosition(ctx: Context, asOf: string | undefined): Promise<string> {
  requirePermission(ctx, "costs:read");
  return (await pinPublished(ctx, asOf)).position;
}

/** What an answer of costs is known by: of what was published, asked by somebody who may see these rows. */
export function costTag(ctx: Context, question: string, query: object, position: string): Promise<string> {
  return entityTag([apiVersion, position, question, query, accessOf(ctx)], { isWeak: true });
}

/** Who sees a part of the costs is told of the tag keys of that part. */
export async function getCostCatalog(ctx: Context, reader: CostReader): Promise<CostCatalog> {
  requirePermission(ctx, "costs:read");
  const pinned = await pinPublished(ctx);
  const manifests = pinned.generations
    .map((generation) => generation.manifest)
    .filter((manifest) => manifest.chargeStart !== null);
  const starts = manifests.map((manifest) => manifest.chargeStart!).toSorted();
  const ends = manifests.map((manifest) => manifest.chargeEnd!).toSorted();
  const available = starts.length === 0 ? null : { start: starts[0]!, end: ends.at(-1)! };
  const tagKeys = [...new Set(manifests.toReversed().flatMap((manifest) => manifest.tagKeys))];
  return {
    measures: measureIds.map((name) => ({
      name,
      label: measures[name].label,
      unit: measures[name].unit,
      about: measures[name].about,
      additive: measures[name].additive,
    })),
    dimensions: fixedDimensions.map(({ name, label }) => ({ name, label })),
    tagKeys: ctx.rowFilter === null ? tagKeys : await seenTagKeys(ctx, reader, pinned, available),
    extraKeys: [...new Set(manifests.flatMap((manifest) => manifest.extraKeys))].toSorted(),
    available,
    freshAt: pinned.freshAt,
  };
}

/** The tag keys of the charges that the caller may see, those with the most cost first; more than 1000 nobody looks through. */
async function seenTagKeys(
  ctx: Context,
  reader: CostReader,
  pinned: PinnedStore,
  period: CostCatalog["available"],
): Promise<string[]> {
  if (period === null) return [];
  const query = parseCostValuesQuery({ dimension: "tagKey", period, limit: 1000 });
  const { values } = await reader.values(accessOf(ctx), pinned, query);
  return values.flatMap(({ value }) => value ?? []);
}
