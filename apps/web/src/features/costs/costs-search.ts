import { presetIds } from "@finops/ui/period/presets";
import * as z from "zod";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/**
 * All of what the costs page shows, as it stands in the URL: what is left out is the default, and what cannot be read is
 * left out, so that an address cut short by a mail still opens.
 */
const CostsSearch = z.object({
  preset: z.enum(presetIds).optional().catch(undefined),
  /** First day, and the day after the last. They win over the preset. */
  from: day.optional().catch(undefined),
  to: day.optional().catch(undefined),
  compare: z.enum(["before", "last-year", "none"]).optional().catch(undefined),
  measure: z.string().max(60).optional().catch(undefined),
  by: z.string().min(1).max(300).optional().catch(undefined),
  grain: z.enum(["day", "week", "month"]).optional().catch(undefined),
  chart: z.enum(["area", "bars", "table"]).optional().catch(undefined),
  top: z.number().int().min(1).max(50).optional().catch(undefined),
  currency: z.string().max(20).optional().catch(undefined),
  /** Dimension and value, all of which must hold; null where the bill states nothing. */
  where: z
    .array(z.tuple([z.string().min(1).max(300), z.string().nullable()]))
    .max(20)
    .optional()
    .catch(undefined),
  sort: z.enum(["name", "value", "share", "before", "change", "percent"]).optional().catch(undefined),
  direction: z.enum(["asc", "desc"]).optional().catch(undefined),
});
export type CostsSearch = z.infer<typeof CostsSearch>;

export function readCostsSearch(search: unknown): CostsSearch {
  const read = CostsSearch.parse(search);
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as CostsSearch;
}
