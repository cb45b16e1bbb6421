import type { Tx } from "@finops/platform/db/database";
import type { AuditFilter } from "./contract.ts";

export interface EntryRow {
  sequence: bigint;
  id: string;
  at: Date;
  actorKind: "person" | "key" | "system";
  actorId: string;
  actorName: string;
  via: string;
  address: string | null;
  action: string;
  before: unknown;
  after: unknown;
  requestId: string;
  hash: string;
}

/** Entries that a filter leaves, the newest first, from the one before a place on. */
export function listEntryRows(
  tx: Tx,
  tenantId: string,
  { actor = null, action = null, via = null, from = null, to = null, text = null }: Nullable<AuditFilter>,
  { below, limit }: { below: bigint | null; limit: number },
): Promise<EntryRow[]> {
  return tx.$queryRaw<EntryRow[]>`
    select sequence, id, at, actor_kind as "actorKind", actor_id as "actorId", actor_name as "actorName", via, address, action,
      before, after, request_id as "requestId", hash
    from audit_entry
    where tenant_id = ${tenantId}::uuid and sequence is not null
      and (${below}::bigint is null or sequence < ${below}::bigint)
      and (${actor}::text is null or actor_id = ${actor}::text or strpos(lower(actor_name), lower(${actor}::text)) > 0)
      and (${action}::text is null or action = ${action}::text or starts_with(action, ${action}::text || '.'))
      and (${via}::text is null or via = ${via}::text)
      and (${from}::date is null or at >= ${from}::date::timestamp at time zone 'UTC')
      and (${to}::date is null or at < ${to}::date::timestamp at time zone 'UTC')
      and (${text}::text is null or strpos(
        lower(concat_ws(' ', actor_name, actor_id, address, action, request_id, before, after)), lower(${text}::text)) > 0)
    order by sequence desc limit ${limit}`;
}

type Nullable<T> = { [K in keyof T]: T[K] | null };
