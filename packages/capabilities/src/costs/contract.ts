import { CostRowsQuery, CostValuesQuery } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

export {
  CostAnswer,
  CostFilter,
  CostQuery,
  CostRow,
  CostRowsAnswer,
  CostRowsQuery,
  CostValuesAnswer,
  Figure,
  Grain,
} from "@finops/warehouse/query/cost-query";
export type { CostQueryInput, CostRowsQueryInput, CostValuesQueryInput } from "@finops/warehouse/query/cost-query";

/** What can be asked: measures with their definitions, dimensions, tag keys, and the days that there is data for. */
export const CostCatalog = z.object({
  measures: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      unit: z.enum(["money", "percent", "quantity", "count"]),
      about: z.string(),
      additive: z.boolean(),
    }),
  ),
  dimensions: z.array(z.object({ name: z.string(), label: z.string() })),
  tagKeys: z.array(z.string()),
  /** The providers' own columns, `x_…`; each is a dimension too. */
  extraKeys: z.array(z.string()),
  /** First day with charges, and the day after the last; null without data. */
  available: z.object({ start: z.string(), end: z.string() }).nullable(),
  freshAt: z.string().nullable(),
});
export type CostCatalog = z.infer<typeof CostCatalog>;

/** Which values of a dimension, as it stands in an address. */
export const CostValuesParameters = z.object({
  start: CostRowsQuery.shape.period.shape.start,
  end: CostRowsQuery.shape.period.shape.end,
  search: CostValuesQuery.shape.search.describe("A part of the value, in any case"),
  filter: z.string().max(8000).optional().describe("The filter of a cost query, as JSON text"),
  basis: CostValuesQuery.shape.basis,
  measure: CostValuesQuery.shape.measure,
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: CostValuesQuery.shape.cursor,
  asOf: CostValuesQuery.shape.asOf,
});
export type CostValuesParameters = z.infer<typeof CostValuesParameters>;
