import { csvLine, neutralizeCell } from "@finops/kernel/csv";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import { sealChain } from "@finops/platform/audit/seal-chain";
import { verifyChain } from "@finops/platform/audit/verify-chain";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import {
  type AuditEntry,
  AuditFilter,
  type AuditPage,
  AuditQuery,
  AuditSealInput,
  type AuditSealing,
  type AuditVerification,
} from "./contract.ts";
import { type EntryRow, listEntryRows } from "./store.ts";

const EntryPlace = z.tuple([z.string().regex(/^\d{1,18}$/)]);
const exportPageRows = 1000;

/** Who changed what, the newest first. A page goes on from an entry, so what is new meanwhile moves nothing. */
export async function listAudit(ctx: Context, input: AuditQuery): Promise<AuditPage> {
  requirePermission(ctx, "audit:read");
  const { limit, cursor, ...filter } = AuditQuery.parse(input);
  const below = cursor === undefined ? null : BigInt(decodePlace(cursor, EntryPlace)[0]);
  // One more than wanted tells whether there is another page.
  const rows = await ctx.inTenant((tx) => listEntryRows(tx, ctx.tenantId, filter, { below, limit: limit + 1 }));
  const page = rows.slice(0, limit);
  const isLast = rows.length <= limit;
  return { entries: page.map(toEntry), nextCursor: isLast ? null : encodePlace([String(page.at(-1)!.sequence)]) };
}

/**
 * All entries that a filter leaves as CSV, the newest first, with cells that no spreadsheet runs. That they left is noted before
 * the first byte does.
 */
export async function exportAudit(ctx: Context, input: AuditFilter): Promise<AsyncGenerator<Uint8Array>> {
  requirePermission(ctx, "audit:read");
  const filter = AuditFilter.parse(input);
  await ctx.inTenant((tx) => audit(tx, ctx, "audit.exported", { after: { filter: { ...filter } } }));
  return csvOf(ctx, filter);
}

/** Whether every entry since the company began is there as it was written. */
export async function verifyAudit(ctx: Context): Promise<AuditVerification> {
  requirePermission(ctx, "audit:read");
  const { entries, sealed, head, fault } = await verifyChain(ctx);
  return {
    entries: Number(entries),
    sealed: Number(sealed),
    headHash: head.hash,
    fault: fault === null ? null : { ...fault, sequence: Number(fault.sequence) },
  };
}

/** Puts entries from before a day into files. They are part of the chain from there, and in no list any more. */
export async function sealAudit(ctx: Context, input: AuditSealInput): Promise<AuditSealing> {
  requirePermission(ctx, "audit:write");
  const { before } = AuditSealInput.parse(input);
  const seals = await sealChain(ctx, before);
  return {
    segments: seals.map((seal) => ({
      first: Number(seal.firstSequence),
      last: Number(seal.lastSequence),
      file: seal.file,
      bytes: Number(seal.bytes),
      sha256: seal.sha256,
      lastHash: seal.lastHash,
    })),
  };
}

async function* csvOf(ctx: Context, filter: AuditFilter): AsyncGenerator<Uint8Array> {
  yield Buffer.from(csvLine(csvColumns.map(([name]) => name)));
  let below: bigint | null = null;
  for (;;) {
    const place = { below, limit: exportPageRows };
    const rows: EntryRow[] = await ctx.inTenant((tx) => listEntryRows(tx, ctx.tenantId, filter, place));
    yield Buffer.from(rows.map((row) => csvLine(csvColumns.map(([, cellOf]) => safeCell(cellOf(row))))).join(""));
    if (rows.length < exportPageRows) return;
    below = rows.at(-1)!.sequence;
  }
}

const csvColumns: readonly [string, (row: EntryRow) => string | null][] = [
  ["sequence", (row) => String(row.sequence)],
  ["at", (row) => row.at.toISOString()],
  ["actorKind", (row) => row.actorKind],
  ["actorId", (row) => row.actorId],
  ["actorName", (row) => row.actorName],
  ["via", (row) => row.via],
  ["address", (row) => row.address],
  ["action", (row) => row.action],
  ["before", (row) => jsonCell(row.before)],
  ["after", (row) => jsonCell(row.after)],
  ["requestId", (row) => row.requestId],
  ["hash", (row) => row.hash],
];

function jsonCell(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function safeCell(text: string | null): string | null {
  return text === null ? null : neutralizeCell(text);
}

function toEntry(row: EntryRow): AuditEntry {
  const { actorKind, actorId, actorName, sequence, at, ...rest } = row;
  return {
    ...rest,
    sequence: Number(sequence),
    at: at.toISOString(),
    actor: { kind: actorKind, id: actorId, name: actorName },
  };
}
