import { AppError } from "@finops/kernel/app-error";
import type { Day } from "@finops/kernel/period";
import type { Tx } from "../db/database.ts";
import type { AuditSeal } from "../db/generated/client.ts";
import type { Context } from "../tenancy/context.ts";
import { audit } from "./audit.ts";
import { type ChainPlace, chainStart, findHead, hashLine, listSeals } from "./chain.ts";

/** A segment is dropped in one transaction, so it has a bound. */
const segmentRows = 100_000n;
const batchRows = 1000;

/**
 * Puts the entries from before a day (UTC) into files of the store, one line of JSON each, and drops them from the table. The
 * seals keep the chain whole: each line holds the SHA-256 of the line before. Returns the new seals, none when there is nothing
 * so old. A crash leaves a file too many at most, which the next call writes anew.
 * @throws precondition when the chain does not fit: then nothing more is dropped; conflict when another process seals it
 */
export async function sealChain(ctx: Context, before: Day): Promise<AuditSeal[]> {
  const seals: AuditSeal[] = [];
  // Found once: each seal is an entry of its own, which the next one would put away otherwise.
  const { newest, sealed } = await ctx.inTenant((tx) => findOld(tx, ctx.tenantId, before));
  let after = sealed;
  while (after.sequence < newest) {
    const bound = after.sequence + segmentRows;
    const begin = after;
    const seal = await sealSegment(ctx, begin, newest < bound ? newest : bound).catch(async (error: unknown) => {
      throw (await isSealedBeyond(ctx, begin)) ? sealedByAnother(error) : error;
    });
    seals.push(seal);
    after = { sequence: seal.lastSequence, hash: seal.lastHash };
  }
  return seals;
}

/** True when what one began to put away was put away by somebody else, and is missing for that. */
async function isSealedBeyond(ctx: Context, { sequence }: ChainPlace): Promise<boolean> {
  const newest = (await ctx.inTenant(listSeals)).at(-1);
  return newest !== undefined && newest.lastSequence > sequence;
}

function sealedByAnother(cause: unknown): AppError {
  return new AppError("conflict", "Somebody else seals this audit at the moment. Ask again when they are done.", {
    cause,
  });
}

/** The last entry before the first one that is too young, and how far the seals reach by now. */
async function findOld(tx: Tx, tenantId: string, before: Day): Promise<{ newest: bigint; sealed: ChainPlace }> {
  const seal = (await listSeals(tx)).at(-1);
  const [young] = await tx.$queryRaw<{ sequence: bigint | null }[]>`
    select min(sequence) as sequence from audit_entry
    where tenant_id = ${tenantId}::uuid and at >= (${before}::date::timestamp at time zone 'UTC')`;
  return {
    newest: young?.sequence == null ? (await findHead(tx)).sequence : young.sequence - 1n,
    sealed: seal === undefined ? chainStart : { sequence: seal.lastSequence, hash: seal.lastHash },
  };
}

async function sealSegment(ctx: Context, after: ChainPlace, last: bigint): Promise<AuditSeal> {
  const first = after.sequence + 1n;
  // Named by what it holds, which is the same whoever writes it.
  const name = `tenants/${ctx.tenantId}/audit/${padded(first)}-${padded(last)}.jsonl`;
  let lastHash = after.hash;
  async function* lines(): AsyncGenerator<Uint8Array> {
    let place = after;
    while (place.sequence < last) {
      const rows = await ctx.inTenant((tx) => readLines(tx, ctx.tenantId, place, last));
      for (const row of rows) place = requireNext(place, row);
      if (rows.length === 0) throw doesNotFit(place.sequence + 1n);
      yield Buffer.from(rows.map(({ line }) => `${line}\n`).join(""));
    }
    lastHash = place.hash;
  }
  const written = await ctx.host.files.put(name, lines());
  return ctx.inTenant(async (tx) => {
    const seal = await tx.auditSeal.create({
      data: {
        tenantId: ctx.tenantId,
        firstSequence: first,
        lastSequence: last,
        previousHash: after.hash,
        lastHash,
        file: name,
        bytes: BigInt(written.bytes),
        sha256: written.sha256,
        sealedAt: ctx.host.clock.now(),
      },
    });
    await tx.$queryRaw`select drop_sealed_audit(${first}::bigint)`;
    await audit(tx, ctx, "audit.sealed", {
      after: { first: Number(first), last: Number(last), lastHash, file: name, sha256: written.sha256 },
    });
    return seal;
  });
}

interface Line {
  sequence: bigint;
  previous: string;
  hash: string;
  line: string;
}

function readLines(tx: Tx, tenantId: string, after: ChainPlace, last: bigint): Promise<Line[]> {
  return tx.$queryRaw<Line[]>`
    select e.sequence, e.previous_hash as previous, e.hash, audit_line(e) as line from audit_entry e
    where e.tenant_id = ${tenantId}::uuid and e.sequence > ${after.sequence}::bigint and e.sequence <= ${last}::bigint
    order by e.sequence limit ${batchRows}`;
}

function requireNext(place: ChainPlace, { sequence, previous, hash, line }: Line): ChainPlace {
  if (sequence !== place.sequence + 1n || previous !== place.hash || hashLine(line) !== hash)
    throw doesNotFit(place.sequence + 1n);
  return { sequence, hash };
}

function doesNotFit(sequence: bigint): AppError {
  return new AppError(
    "precondition",
    `The audit does not fit at entry ${sequence}, so its entries stay where they are. See \`finops audit verify\`.`,
    { facts: { sequence: Number(sequence) } },
  );
}

function padded(sequence: bigint): string {
  return String(sequence).padStart(12, "0");
}
