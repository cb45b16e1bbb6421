import * as z from "zod";

/** What the address of a report says beside which one it is. */
const Search = z.object({ edit: z.literal("yes").optional().catch(undefined) });
export type ReportSearch = z.infer<typeof Search>;

export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  return Search.parse(search);
}
