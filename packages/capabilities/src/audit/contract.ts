import { pageQuery } from "@finops/platform/http/page";
import * as z from "zod";

/** Which entries: all that every given condition holds for. */
export const AuditFilter = z.object({
  actor: z.string().min(1).max(200).optional().describe("The id of a person or key, or a part of the name"),
  action: z
    .string()
    .regex(/^[a-z][a-z0-9_.-]{0,99}$/, "Name an action such as view.changed, or the thing it is done to, such as view.")
    .optional()
    .describe("`view.changed`, or `view` for all that is done to views"),
  via: z.enum(["page", "key", "job", "cli", "system"]).optional().describe("By way of what it was done"),
  from: z.iso.date("Write a day as 2026-11-22.").optional().describe("First day (UTC)"),
  to: z.iso.date("Write a day as 2026-11-22.").optional().describe("Day after the last one"),
  text: z.string().min(1).max(200).optional().describe("A part of anything that the entry says"),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const AuditQuery = pageQuery({ usual: 50, max: 500 }).extend(AuditFilter.shape);
export type AuditQuery = z.input<typeof AuditQuery>;

export const AuditEntry = z.object({
  /** The place in the company's chain. */
  sequence: z.number(),
  id: z.string(),
  at: z.string(),
  actor: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
  via: z.string().describe("page, key, job, cli or system; unknown for entries of an older program"),
  address: z.string().nullable().describe("Where the request came from, as the server saw it"),
  action: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  requestId: z.string(),
  hash: z.string().describe("SHA-256 of the entry and the hash before it"),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditPage = z.object({ entries: z.array(AuditEntry), nextCursor: z.string().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;

export const AuditVerification = z.object({
  /** All entries since the company began, and how many of them stand in files by now. */
  entries: z.number(),
  sealed: z.number(),
  /** Of the newest entry. Kept elsewhere, it proves later that nothing before it was changed. */
  headHash: z.string(),
  fault: z
    .object({
      sequence: z.number(),
      kind: z.enum(["changed", "missing", "inserted", "moved"]),
      sentence: z.string(),
    })
    .nullable()
    .describe("The first entry that does not fit, and null when all do"),
});
export type AuditVerification = z.infer<typeof AuditVerification>;

export const AuditSealInput = z.strictObject({
  before: z.iso.date("Write a day as 2026-11-22.").describe("Entries from before this day (UTC) are put away"),
});
export type AuditSealInput = z.infer<typeof AuditSealInput>;

export const AuditSealing = z.object({
  segments: z.array(
    z.object({
      first: z.number(),
      last: z.number(),
      file: z.string(),
      bytes: z.number(),
      sha256: z.string(),
      lastHash: z.string(),
    }),
  ),
});
export type AuditSealing = z.infer<typeof AuditSealing>;
