import { AppError } from "@finops/kernel/app-error";
import type { Tx } from "@finops/platform/db/database";

/** The store path of a generation whose rows are no longer kept. What it held stays in the lake and in the log. */
const forgotten = "";

/**
 * Gives up all but the newest states of each billing period: nobody pins them from now on, and who did goes on reading. The
 * state that is current is always the newest entry of the log. The log, the versions of the lake and the raw bills stay.
 * @param keepMax how many states of a billing period are kept, from 1
 */
export async function dropOldGenerations(tx: Tx, tenantId: string, keepMax: number): Promise<number> {
  await lockLog(tx, tenantId);
  return tx.$executeRaw`
    update generation set dropped_at = clock_timestamp()
    where tenant_id = ${tenantId}::uuid and dropped_at is null and id in (
      select generation_id from (
        select generation_id, row_number() over (partition by billing_period order by max(position) desc) as age
        from publication where tenant_id = ${tenantId}::uuid and generation_id is not null
        group by billing_period, generation_id) states
      where age > ${keepMax}::int)`;
}

/** Lets the sweep remove the rows of what was given up at least so long ago that nobody reads it any more. */
export async function forgetDropped(tx: Tx, tenantId: string, restMs: number): Promise<number> {
  return tx.$executeRaw`
    update generation set store_path = ${forgotten}
    where tenant_id = ${tenantId}::uuid and store_path <> ${forgotten}
      and dropped_at <= clock_timestamp() - ${restMs}::int * interval '1 millisecond'`;
}

/**
 * Holds the company's publication log for the rest of the transaction. Positions must become visible in their order: a reader
 * that pins 7 has seen 6. And what is given up must not become current at the same moment.
 */
export async function lockLog(tx: Tx, tenantId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('publication ' || ${tenantId}, 0))`;
}

/** @throws precondition when one of the generations is no longer kept, with what to do. */
export function requireKept(generations: readonly { storePath: string; droppedAt: Date | null }[]): void {
  // Before there was a day between the two, a generation was given up by its store path alone.
  if (generations.some(({ storePath, droppedAt }) => droppedAt !== null || storePath === forgotten))
    throw new AppError(
      "precondition",
      "This earlier state is no longer kept: FINOPS_KEEP_STATES says how many of each month are. The log, the reports and the raw bills of earlier ones stay.",
    );
}
