import { presetIds } from "@finops/ui/period/presets";
import * as z from "zod";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Blocks of the page that can be seen as a chart or as their table. */
export const blocks = ["trend", "breakdown", "movers", "heat"] as const;
export type Block = (typeof blocks)[number];

/**
 * All of what the overview shows, as it stands in the URL: what is left out is the default, and what cannot be read is
 * left out, so that an address cut short by a mail still opens.
 */
const OverviewSearch = z.object({
  preset: z.enum(presetIds).optional().catch(undefined),
  /** First day, and the day after the last. They win over the preset. */
  from: day.optional().catch(undefined),
  to: day.optional().catch(undefined),
  compare: z.enum(["before", "last-year", "none"]).optional().catch(undefined),
  measure: z.string().max(60).optional().catch(undefined),
  by: z.string().min(1).max(300).optional().catch(undefined),
  grain: z.enum(["day", "week", "month"]).optional().catch(undefined),
  chart: z.enum(["area", "bars", "lines"]).optional().catch(undefined),
  shape: z.enum(["treemap", "donut"]).optional().catch(undefined),
  tables: z.array(z.enum(blocks)).max(blocks.length).optional().catch(undefined),
  currency: z.string().max(20).optional().catch(undefined),
  /** Tag key whose absence makes a cost nobody's. */
  tag: z.string().min(1).max(300).optional().catch(undefined),
  /** Dimension and value, all of which must hold; null where the bill states nothing. */
  where: z
    .array(z.tuple([z.string().min(1).max(300), z.string().nullable()]))
    .max(20)
    .optional()
    .catch(undefined),
});
export type OverviewSearch = z.infer<typeof OverviewSearch>;

export function readOverviewSearch(search: unknown): OverviewSearch {
  const read = OverviewSearch.parse(search);
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as OverviewSearch;
}
