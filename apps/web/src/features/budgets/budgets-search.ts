import * as z from "zod";

/** What the address of the budgets says: the panel in which one is made, or the one that is open is changed. */
const Search = z.object({ edit: z.literal("yes").optional().catch(undefined) });
export type BudgetsSearch = z.infer<typeof Search>;

export function readBudgetsSearch(search: Record<string, unknown>): BudgetsSearch {
  return Search.parse(search);
}
