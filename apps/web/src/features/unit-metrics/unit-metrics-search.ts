import * as z from "zod";

/** What the addresses of unit metrics say: the panel in which one is made or changed, or in which values are written. */
const Search = z.object({ edit: z.enum(["yes", "values"]).optional().catch(undefined) });
export type UnitMetricsSearch = z.infer<typeof Search>;

export function readUnitMetricsSearch(search: Record<string, unknown>): UnitMetricsSearch {
  return Search.parse(search);
}
