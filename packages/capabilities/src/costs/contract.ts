import * as z from "zod";

export {
  CostAnswer,
  CostFilter,
  CostQuery,
  CostRow,
  CostRowsAnswer,
  CostRowsQuery,
  Figure,
  Grain,
} from "@finops/warehouse/query/cost-query";
export type { CostQueryInput, CostRowsQueryInput } from "@finops/warehouse/query/cost-query";

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
  /** First day with charges, and the day after the last; null without data. */
  available: z.object({ start: z.string(), end: z.string() }).nullable(),
  freshAt: z.string().nullable(),
});
export type CostCatalog = z.infer<typeof CostCatalog>;
