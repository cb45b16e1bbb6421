import * as z from "zod";

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .optional()
  .catch(undefined);
const id = z.string().max(60).optional().catch(undefined);

/**
 * What the bills page shows. `version` and `source` are places of their own, for links from a proof or to a colleague;
 * `import` is an upload that waits for its start; `period` and `report` are what is unfolded.
 */
const BillsSearch = z.object({
  version: id,
  source: z.string().max(300).optional().catch(undefined),
  import: id,
  period: day,
  report: id,
  /** A bill file of a version, by its name, to which a link leads. */
  file: z.string().max(1000).optional().catch(undefined),
});
export type BillsSearch = z.infer<typeof BillsSearch>;
export type ChangeSearch = (changed: BillsSearch) => void;

export function readBillsSearch(search: unknown): BillsSearch {
  return Object.fromEntries(
    Object.entries(BillsSearch.parse(search)).filter(([, value]) => value !== undefined),
  ) as BillsSearch;
}
