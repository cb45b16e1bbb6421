import type { LakeRow } from "../../testing/bill.ts";
import type { TextTableRow } from "../../testing/text-table.ts";
import type { CostFilter, CostQueryInput } from "../cost-query.ts";

/** What a query answers on a bill, whatever engine and table it is read from. */
export interface QuerySpec {
  name: string;
  bill: readonly LakeRow[];
  request: CostQueryInput;
  /** In order, in the columns that `showRows` knows. */
  rows?: readonly TextTableRow[];
  totals?: readonly TextTableRow[];
  /** How many rows of the bill the totals count, for a request with `rowCount`. */
  keptRows?: number;
  /** What the caller may see. */
  rowFilter?: CostFilter;
}
