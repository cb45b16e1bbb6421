import * as z from "zod";

/** What the address of the performance page says; what is usual is left out. */
const Performance = z.object({
  by: z.literal("team").optional().catch(undefined),
  years: z
    .union([z.literal(2), z.literal(5)])
    .optional()
    .catch(undefined),
  show: z.literal("periods").optional().catch(undefined),
});
export type PerformanceSearch = z.infer<typeof Performance>;

export function readPerformanceSearch(search: Record<string, unknown>): PerformanceSearch {
  return Performance.parse(search);
}

const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

/**
 * What the address of the planner says: what is planned, usually what is left of the fiscal year; of chosen months, the first and
 * the last. The plan itself stays on this machine until it is applied.
 */
const Planner = z.object({
  when: z.enum(["next", "chosen"]).optional().catch(undefined),
  from: Month.optional().catch(undefined),
  until: Month.optional().catch(undefined),
});
export type PlannerSearch = z.infer<typeof Planner>;

export function readPlannerSearch(search: Record<string, unknown>): PlannerSearch {
  return Planner.parse(search);
}
