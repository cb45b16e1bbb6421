import { formatDay } from "@finops/kernel/format-day";
import { addDays, type Day, monthOf } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { listCurrentValues, listRows } from "./store.ts";

interface MissingQuantity {
  id: string;
  title: string;
  message: string;
  since: Day;
  filter: CostFilter | null;
}

/** Metrics of a company that have no value of the last month that is over: nobody can tell what one of them cost in it. */
export async function listMissingQuantities(tx: Tx, today: Day): Promise<MissingQuantity[]> {
  const since = monthOf(today).start;
  const month = addDays(since, -1).slice(0, 7);
  const rows = await listRows(tx);
  const values = await listCurrentValues(
    tx,
    rows.map(({ id }) => id),
  );
  return rows
    .filter(({ id }) => !values.get(id)!.some((value) => value.month === month))
    .map(({ id, name, unitOne, unitMany, filter }) => ({
      id: `${id} ${month}`,
      title: `Unit costs: ${name}`,
      message: `Nobody has written the ${unitMany} of ${formatDay(`${month}-01`, "month")}, so what one ${unitOne} cost in it cannot be told.`,
      since,
      filter: filter as CostFilter | null,
    }));
}
