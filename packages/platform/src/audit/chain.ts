import { createHash } from "node:crypto";
import type { Tx } from "../db/database.ts";
import type { AuditSeal } from "../db/generated/client.ts";

/** A place in a company's chain: an entry's number, and its hash, which the next entry holds. */
export interface ChainPlace {
  sequence: bigint;
  hash: string;
}

/** Before the first entry. */
export const chainStart: ChainPlace = { sequence: 0n, hash: "0".repeat(64) };

/** The hash of an entry: the SHA-256 of its line, as `audit_line` of the database and the files of sealed segments have it. */
export function hashLine(line: string): string {
  return createHash("sha256").update(line).digest("hex");
}

/** The newest entry; the start of a chain that has none. */
export async function findHead(tx: Tx): Promise<ChainPlace> {
  return (await tx.auditHead.findFirst()) ?? chainStart;
}

/** Sealed segments, the oldest first. */
export async function listSeals(tx: Tx): Promise<AuditSeal[]> {
  return tx.auditSeal.findMany({ orderBy: { firstSequence: "asc" } });
}
