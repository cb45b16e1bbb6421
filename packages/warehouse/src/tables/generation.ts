import * as z from "zod";
import { exactColumns } from "./cost-columns.ts";

/** What a period's file holds: enough to plan a query without opening it. Kept in PostgreSQL as `generation.manifest`. */
export const GenerationManifest = z.object({
  rows: z.number(),
  /** First charge day, and the day after the last one; null when there are no rows. */
  chargeStart: z.string().nullable(),
  chargeEnd: z.string().nullable(),
  /** Rows of each table; a rollup that would not be smaller is absent. */
  tables: z.record(z.string(), z.number()),
  /** Columns with a line of 1e10 and more; the `big` part of all others is 0 and left out of queries. */
  bigColumns: z.array(z.enum(exactColumns)),
  /** Columns of which a rollup has a sum of 1e10 and more, as sums may be where no line is. All, where it was not looked. */
  bigSums: z.array(z.enum(exactColumns)).default([...exactColumns]),
  /** The currency of all rows, which then need not be grouped by it; null when there are several. */
  currency: z.string().nullable().default(null),
  tagKeys: z.array(z.string()),
  /** The provider's own columns, `x_…`, that most rows have; one that few rows have may be missing here. */
  extraKeys: z.array(z.string()).default([]),
  bytes: z.number(),
});
export type GenerationManifest = z.infer<typeof GenerationManifest>;
