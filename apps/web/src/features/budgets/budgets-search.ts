import * as z from "zod";

/**
 * What the address of the budgets says: the panel in which one is made, or the one that is open is changed or copied. What else the pages
 * over all budgets say there they read themselves.
 */
const Search = z.looseObject({ edit: z.enum(["yes", "copy"]).optional().catch(undefined) });

export interface BudgetsSearch {
  edit?: "yes" | "copy" | undefined;
  by?: unknown;
  years?: unknown;
  show?: unknown;
  when?: unknown;
  from?: unknown;
  until?: unknown;
}

export function readBudgetsSearch(search: Record<string, unknown>): BudgetsSearch {
  return Search.parse(search);
}
