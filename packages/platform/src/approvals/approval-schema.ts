import * as z from "zod";
import { allPermissions, limitedPermissions, type Permission } from "../access/permissions.ts";

/** What can be limited to a part of the costs approves nothing: it says nothing about the whole company. */
const approving = allPermissions.filter((permission) => !limitedPermissions.has(permission));

/** Who has to agree to one kind of change, beside the one who asks for it. */
export const ApprovalPolicy = z.strictObject({
  permission: z
    .enum(approving as [Permission, ...Permission[]])
    .describe("Who has it may approve, but never what they asked for themselves"),
  people: z.int().min(1).max(5).default(1).describe("How many of them must approve"),
});
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;

export const ApprovalSettings = z.strictObject({
  /** By what is approved, such as `grants`. What is not here needs no approval. */
  policies: z.record(z.string().max(60), ApprovalPolicy).default({}),
  validDays: z.int().min(1).max(90).default(7).describe("After so many days nobody can approve a change any more"),
});
export type ApprovalSettings = z.infer<typeof ApprovalSettings>;
