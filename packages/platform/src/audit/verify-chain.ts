import type { Tx } from "../db/database.ts";
import type { AuditSeal } from "../db/generated/client.ts";
import type { Context } from "../tenancy/context.ts";
import { type ChainPlace, chainStart, findHead, listSeals } from "./chain.ts";
import { walkSealedFile } from "./sealed-file.ts";

/** The first entry that does not fit, and what was done to the audit there. */
export interface ChainFault {
  sequence: bigint;
  kind: "changed" | "missing" | "inserted" | "moved";
  sentence: string;
}

export interface ChainVerdict {
  /** All entries there should be, from the first on; so many of them stand in files. */
  entries: bigint;
  sealed: bigint;
  head: ChainPlace;
  fault: ChainFault | null;
}

/** About a second of a busy database each; a transaction lasts at most 15. */
const batchRows = 20_000;

/**
 * Walks a company's chain from its first entry, sealed files included, to the one that is the newest at the call.
 *
 * It finds whatever was changed without computing the chain anew from there on, which takes the rights of the database's owner.
 * Against those helps the head's hash, kept elsewhere: the same entry has the same hash for good.
 */
export async function verifyChain(ctx: Context): Promise<ChainVerdict> {
  for (;;) {
    const [head, seals] = await ctx.inTenant(async (tx) => [await findHead(tx), await listSeals(tx)] as const);
    const fault = await walk(ctx, seals, head);
    const verdict = { entries: head.sequence, sealed: seals.at(-1)?.lastSequence ?? 0n, head, fault };
    if (fault === null) return verdict;
    // What was sealed during the walk has left the table in order.
    if ((await ctx.inTenant(listSeals)).length === seals.length) return verdict;
  }
}

async function walk(ctx: Context, seals: readonly AuditSeal[], head: ChainPlace): Promise<ChainFault | null> {
  let place = chainStart;
  for (const seal of seals) {
    const found = await walkSealedFile(ctx.host.files, seal, place);
    if ("kind" in found) return found;
    place = found;
  }
  for (;;) {
    const batch = await ctx.inTenant((tx) => readBatch(tx, ctx.tenantId, place, head.sequence));
    if (batch.misfit !== null) return ctx.inTenant((tx) => explainMisfit(tx, ctx.tenantId, place, batch.misfit!));
    if (batch.last === null) break;
    place = batch.last;
  }
  if (place.sequence < head.sequence) return missing(place.sequence + 1n, head.sequence);
  if (place.hash !== head.hash) return changed(head.sequence);
  const strays = await ctx.inTenant(
    (tx) => tx.$queryRaw<{ id: string; sequence: bigint | null }[]>`
      select e.id, e.sequence from audit_entry e left join audit_head h using (tenant_id)
      where e.tenant_id = ${ctx.tenantId}::uuid and (e.sequence is null or h.sequence is null or e.sequence > h.sequence)
      order by e.sequence nulls first limit 1`,
  );
  return strays[0] === undefined ? null : inserted(strays[0].sequence ?? head.sequence + 1n, strays[0].id);
}

interface Batch {
  last: ChainPlace | null;
  /** The number of the first entry that does not continue the one before. */
  misfit: bigint | null;
}

async function readBatch(tx: Tx, tenantId: string, after: ChainPlace, until: bigint): Promise<Batch> {
  const rows = await tx.$queryRaw<{ sequence: bigint | null; hash: string | null; misfit: bigint | null }[]>`
    with part as (
      select e, e.sequence, e.previous_hash, e.hash,
        lag(e.sequence, 1, ${after.sequence}::bigint) over w as sequence_before,
        lag(e.hash, 1, ${after.hash}::text) over w as hash_before
      from audit_entry e
      where e.tenant_id = ${tenantId}::uuid and e.sequence > ${after.sequence}::bigint and e.sequence <= ${until}::bigint
      window w as (order by e.sequence)
      order by e.sequence limit ${batchRows}
    ), newest as (
      select sequence, hash from part order by sequence desc limit 1
    )
    select (select sequence from newest) as sequence, (select hash from newest) as hash, (
      select sequence from part
      where sequence <> sequence_before + 1 or previous_hash <> hash_before or hash <> audit_hash(e)
      order by sequence limit 1
    ) as misfit`;
  const { sequence, hash, misfit } = rows[0]!;
  return { last: sequence === null || hash === null ? null : { sequence, hash }, misfit };
}

interface Misfit {
  id: string;
  previousHash: string;
  /** Whether its hash is that of its content at its place, or at a place beside it. */
  fitsHere: boolean;
  fitsBefore: boolean;
  fitsAfter: boolean;
}

/**
 * What was done: who edits one row leaves a row that its hash does not fit; who deletes or inserts rows and numbers the others
 * anew leaves rows that fit their old places.
 */
async function explainMisfit(tx: Tx, tenantId: string, batchStart: ChainPlace, sequence: bigint): Promise<ChainFault> {
  const before =
    (
      await tx.$queryRaw<ChainPlace[]>`
        select sequence, hash from audit_entry
        where tenant_id = ${tenantId}::uuid and sequence < ${sequence}::bigint order by sequence desc limit 1`
    )[0] ?? batchStart;
  const expected = before.sequence + 1n;
  if (sequence > expected) return missing(expected, sequence - 1n);
  const [here] = await tx.$queryRaw<Misfit[]>`
    select e.id, e.previous_hash as "previousHash", audit_hash(e) = e.hash as "fitsHere",
      audit_hash(jsonb_populate_record(e, jsonb_build_object('sequence', e.sequence - 1))) = e.hash as "fitsBefore",
      audit_hash(jsonb_populate_record(e, jsonb_build_object('sequence', e.sequence + 1))) = e.hash as "fitsAfter"
    from audit_entry e where e.tenant_id = ${tenantId}::uuid and e.sequence = ${sequence}::bigint`;
  // The entry that was written after the one before holds its hash, wherever it stands by now.
  const [successor] = await tx.$queryRaw<{ sequence: bigint | null; exchanged: boolean }[]>`
    select t.sequence, exists (
      select from audit_entry e where e.tenant_id = t.tenant_id and e.sequence = ${sequence}::bigint
        and audit_hash(jsonb_populate_record(e, jsonb_build_object('sequence', t.sequence))) = e.hash) as exchanged
    from audit_entry t
    where t.tenant_id = ${tenantId}::uuid and t.previous_hash = ${before.hash} and t.sequence is distinct from ${sequence}::bigint
    order by t.sequence limit 1`;
  if (successor?.exchanged === true)
    return {
      sequence,
      kind: "moved",
      sentence: `Entry ${sequence} was moved: it was written as entry ${successor.sequence}, and the other way round.`,
    };
  if (successor !== undefined) return inserted(sequence, here!.id);
  if (here!.fitsBefore) return inserted(before.sequence, null);
  if (here!.fitsAfter) return missing(sequence, sequence);
  // An entry that is whole but continues another than the one before: that one was written anew, with a hash of its own.
  return here!.fitsHere && before.sequence > 0n ? changed(before.sequence) : changed(sequence);
}

function changed(sequence: bigint): ChainFault {
  return { sequence, kind: "changed", sentence: `Entry ${sequence} was changed after it was written.` };
}

function missing(first: bigint, last: bigint): ChainFault {
  return {
    sequence: first,
    kind: "missing",
    sentence: first === last ? `Entry ${first} is missing.` : `Entries ${first} to ${last} are missing.`,
  };
}

function inserted(sequence: bigint, id: string | null): ChainFault {
  return {
    sequence,
    kind: "inserted",
    sentence: `Entry ${sequence}${id === null ? "" : ` (${id})`} was inserted past the chain.`,
  };
}
