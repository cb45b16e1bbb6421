import { AppError } from "@finops/kernel/app-error";
import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { dayToColumn } from "@finops/platform/db/day-column";

/** The right to build and publish one billing period, for a while. Whoever has the greatest token has it. */
export interface BuildLease {
  billingPeriod: Day;
  token: bigint;
  versionIds: readonly string[];
}

export interface LeaseOptions {
  billingPeriod: Day;
  holder: string;
  /** Exactly what the generation will be built from. */
  versionIds: readonly string[];
  leaseMs: number;
}

/** Takes the lease before the first byte is written; null while another builder's lease runs. */
export async function acquireLease(tx: Tx, tenantId: string, options: LeaseOptions): Promise<BuildLease | null> {
  const { billingPeriod, holder, versionIds, leaseMs } = options;
  const rows = await tx.$queryRaw<{ token: bigint }[]>`
    insert into build_lease (tenant_id, billing_period, holder, token, version_ids, expires_at)
    values (${tenantId}::uuid, ${dayToColumn(billingPeriod)}::date, ${holder}, nextval('fencing_token_seq'), ${[...versionIds]}::uuid[], clock_timestamp() + ${leaseMs}::int * interval '1 millisecond')
    on conflict (tenant_id, billing_period) do update
      set holder = excluded.holder, token = excluded.token, version_ids = excluded.version_ids, expires_at = excluded.expires_at
      where build_lease.expires_at < clock_timestamp()
    returning token`;
  return rows.length === 0 ? null : { billingPeriod, token: rows[0]!.token, versionIds };
}

/** Extends the lease of a builder that is alive. Throws `conflict` when it was lost. */
export async function renewLease(tx: Tx, tenantId: string, lease: BuildLease, leaseMs: number): Promise<void> {
  const renewed = await tx.$executeRaw`
    update build_lease set expires_at = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
    where tenant_id = ${tenantId}::uuid and billing_period = ${dayToColumn(lease.billingPeriod)}::date and token = ${lease.token} and expires_at >= clock_timestamp()`;
  if (renewed === 0) throw await lost(tx, lease);
}

/**
 * The fence: holds the lease's row for the rest of the transaction. A builder that woke up after its lease, after a
 * rollback or after its company was deleted stops here, with nothing written.
 * @throws conflict, or not_found when the company is gone
 */
export async function requireLease(tx: Tx, tenantId: string, lease: BuildLease): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`
    select 1 as held from build_lease
    where tenant_id = ${tenantId}::uuid and billing_period = ${dayToColumn(lease.billingPeriod)}::date and token = ${lease.token} and expires_at >= clock_timestamp() for update`;
  if (rows.length === 0) throw await lost(tx, lease);
}

export async function releaseLease(tx: Tx, tenantId: string, lease: BuildLease): Promise<void> {
  await tx.$executeRaw`delete from build_lease where tenant_id = ${tenantId}::uuid and billing_period = ${dayToColumn(lease.billingPeriod)}::date and token = ${lease.token}`;
}

async function lost(tx: Tx, lease: BuildLease): Promise<AppError> {
  const internal = `stale lease ${lease.token}`;
  if ((await tx.tenant.count()) === 0)
    return new AppError("not_found", "The company was deleted meanwhile. Nothing was published.", { internal });
  return new AppError(
    "conflict",
    `Another import or a rollback took over the billing period ${lease.billingPeriod.slice(0, 7)}. Nothing was published; import again.`,
    { internal },
  );
}
