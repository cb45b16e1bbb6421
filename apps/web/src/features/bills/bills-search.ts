import * as z from "zod";

/** What is unfolded on the bills page: a billing period's history, an import's report. */
const BillsSearch = z.object({
  period: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional()
    .catch(undefined),
  report: z.string().max(60).optional().catch(undefined),
});
export type BillsSearch = z.infer<typeof BillsSearch>;

export function readBillsSearch(search: unknown): BillsSearch {
  return Object.fromEntries(
    Object.entries(BillsSearch.parse(search)).filter(([, value]) => value !== undefined),
  ) as BillsSearch;
}
