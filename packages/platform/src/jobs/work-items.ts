import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Database, Tx } from "../db/database.ts";
import type { Prisma, WorkItem } from "../db/generated/client.ts";

export type { WorkItem } from "../db/generated/client.ts";

export interface NewWorkItem {
  kind: string;
  payload: Prisma.InputJsonValue;
  /** Workers serve one pool each: `imports` for what takes minutes, `interactive` for what somebody waits for. */
  pool: string;
  /** Higher goes first within a company. */
  priority?: number;
  /** How often the work may be started when its worker dies. */
  attemptsMax?: number;
}

/** A work item in the hands of a worker. The token is greater than that of every earlier holder. */
export interface Claim {
  id: string;
  tenantId: string;
  kind: string;
  payload: Prisma.JsonValue;
  attempts: number;
  fencingToken: bigint;
  cancelRequested: boolean;
  /** Of the request that queued it; null where nobody asked. */
  requestId: string | null;
  traceparent: string | null;
}

/** What of a claim proves that its holder still owns the item. */
export type Fence = Pick<Claim, "id" | "fencingToken">;

/** Queues work in the caller's transaction: it starts only if what it belongs to is committed. */
export async function enqueue(tx: Tx, item: NewWorkItem): Promise<WorkItem> {
  return tx.workItem.create({ data: { id: newId(), ...item } });
}

export interface ClaimOptions {
  pool: string;
  worker: string;
  leaseMs: number;
  /** How many items of one company may run in the pool at a time. */
  tenantMax?: number;
}

interface ClaimedRow {
  id: string;
  tenant_id: string;
  kind: string;
  payload: Prisma.JsonValue;
  attempts: number;
  fencing_token: bigint;
  cancel_requested: boolean;
  request_id: string | null;
  traceparent: string | null;
}

/** Takes the next item of a pool, companies in turn; null when there is none to take. */
export async function claimNext(db: Database, options: ClaimOptions): Promise<Claim | null> {
  const { pool, worker, leaseMs, tenantMax = 2 } = options;
  const rows = await db.askDirectory(
    (tx) => tx.$queryRaw<ClaimedRow[]>`
      select id, tenant_id, kind, payload, attempts, fencing_token, cancel_requested, request_id, traceparent
      from claim_work_item(${pool}, ${worker}, ${leaseMs}::int, ${tenantMax}::int)`,
  );
  const row = rows[0];
  if (!row) return null;
  const { id, kind, payload, attempts, traceparent } = row;
  return {
    id,
    kind,
    payload,
    attempts,
    tenantId: row.tenant_id,
    fencingToken: row.fencing_token,
    cancelRequested: row.cancel_requested,
    requestId: row.request_id,
    traceparent,
  };
}

export interface HeartbeatAnswer {
  cancelRequested: boolean;
  /** False when the item went to somebody else or is finished: stop, and write nothing more. */
  stillOwner: boolean;
}

/** Extends the lease and stores the progress. */
export async function heartbeat(
  db: Database,
  claim: Claim,
  options: { leaseMs: number; progress?: Prisma.InputJsonValue },
): Promise<HeartbeatAnswer> {
  const progress = options.progress === undefined ? null : JSON.stringify(options.progress);
  const rows = await db.inTenant(
    claim.tenantId,
    (tx) => tx.$queryRaw<{ cancel_requested: boolean }[]>`
      update work_item set
        heartbeat_at = clock_timestamp(),
        lease_until = clock_timestamp() + ${options.leaseMs}::int * interval '1 millisecond',
        progress = coalesce(${progress}::jsonb, progress)
      where tenant_id = ${claim.tenantId}::uuid and id = ${claim.id}::uuid
        and fencing_token = ${claim.fencingToken} and state = 'running'
      returning cancel_requested`,
  );
  return { cancelRequested: rows[0]?.cancel_requested ?? false, stillOwner: rows.length === 1 };
}

/**
 * Holds the item for the rest of the transaction, so that what the transaction writes is written by the item's owner.
 * @throws conflict when the token is stale
 */
export async function requireOwner(tx: Tx, fence: Fence): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`
    select 1 as held from work_item
    where id = ${fence.id}::uuid and fencing_token = ${fence.fencingToken} and state = 'running' for update`;
  if (rows.length === 0) throw lost(fence);
}

/** @throws conflict when the token is stale; nothing is changed then. */
export async function complete(tx: Tx, fence: Fence, result: Prisma.InputJsonValue = {}): Promise<void> {
  await finish(tx, fence, { state: "done", result });
}

/** @throws conflict when the token is stale; nothing is changed then. */
export async function fail(tx: Tx, fence: Fence, error: Prisma.InputJsonValue): Promise<void> {
  await finish(tx, fence, { state: "failed", error });
}

/** Ends an item whose cancel was asked for. @throws conflict when the token is stale. */
export async function markCancelled(tx: Tx, fence: Fence): Promise<void> {
  await finish(tx, fence, { state: "cancelled" });
}

/** Gives an unfinished item back to the queue without counting the attempt. @throws conflict when the token is stale. */
export async function release(tx: Tx, fence: Fence): Promise<void> {
  const released = await tx.workItem.updateMany({
    where: { id: fence.id, fencingToken: fence.fencingToken, state: "running" },
    data: { state: "queued", worker: null, leaseUntil: null, attempts: { decrement: 1 } },
  });
  if (released.count === 0) throw lost(fence);
}

/** Cancels what is queued at once, and asks the worker to stop what runs. Finished work stays as it is. */
export async function requestCancel(tx: Tx, id: string): Promise<WorkItem> {
  await tx.$executeRaw`
    update work_item set
      cancel_requested = true,
      finished_at = case when state = 'queued' then clock_timestamp() end,
      state = case when state = 'queued' then 'cancelled' else state end
    where id = ${id}::uuid and state in ('queued', 'running')`;
  return getWorkItem(tx, id);
}

export async function getWorkItem(tx: Tx, id: string): Promise<WorkItem> {
  const item = await tx.workItem.findUnique({ where: { id } });
  if (!item) throw new AppError("not_found", "There is no such work item.");
  return item;
}

/**
 * Takes back items whose lease ran out, in all companies, and returns how many. After a crash of the only process there
 * is nobody to wait for: `evenIfLeased` takes back everything that runs.
 */
export async function requeueExpired(db: Database, options: { evenIfLeased?: boolean } = {}): Promise<number> {
  const rows = await db.inDirectory(
    (tx) =>
      tx.$queryRaw<{ taken: number }[]>`select requeue_expired_work_items(${options.evenIfLeased ?? false}) as taken`,
  );
  return rows[0]?.taken ?? 0;
}

interface Outcome {
  state: "done" | "failed" | "cancelled";
  result?: Prisma.InputJsonValue;
  error?: Prisma.InputJsonValue;
}

async function finish(tx: Tx, fence: Fence, { state, result, error }: Outcome): Promise<void> {
  const json = (value: Prisma.InputJsonValue | undefined) => (value === undefined ? null : JSON.stringify(value));
  const finished = await tx.$executeRaw`
    update work_item set
      state = ${state}, result = ${json(result)}::jsonb, error = ${json(error)}::jsonb,
      lease_until = null, finished_at = clock_timestamp()
    where id = ${fence.id}::uuid and fencing_token = ${fence.fencingToken} and state = 'running'`;
  if (finished === 0) throw lost(fence);
}

function lost(fence: Fence): AppError {
  return new AppError("conflict", "This work was taken over by another worker or is finished.", {
    internal: `work item ${fence.id}, stale fencing token ${fence.fencingToken}`,
  });
}
