import { AppError } from "@finops/kernel/app-error";
import type { Tx } from "@finops/platform/db/database";

/** The store path of a generation whose file is no longer kept. What it held stays in the lake and in the log. */
const dropped = "";

/**
 * Gives up the period files of all but the newest states of each billing period; the state that is current is always the
 * newest entry of the log. The sweep then removes the files. The log, the versions of the lake and the raw bills stay.
 * @param keepMax how many states of a billing period are kept, from 1
 */
export async function dropOldGenerations(tx: Tx, tenantId: string, keepMax: number): Promise<number> {
  return tx.$executeRaw`
    update generation set store_path = ${dropped}
    where tenant_id = ${tenantId}::uuid and store_path <> ${dropped} and id in (
      select generation_id from (
        select generation_id, row_number() over (partition by billing_period order by max(position) desc) as age
        from publication where tenant_id = ${tenantId}::uuid and generation_id is not null
        group by billing_period, generation_id) states
      where age > ${keepMax}::int)`;
}

/** @throws precondition when one of the generations is no longer kept, with what to do. */
export function requireKept(storePaths: readonly string[]): void {
  if (storePaths.includes(dropped))
    throw new AppError(
      "precondition",
      "This earlier state is no longer kept: FINOPS_KEEP_STATES says how many of each month are. The log, the reports and the raw bills of earlier ones stay.",
    );
}
