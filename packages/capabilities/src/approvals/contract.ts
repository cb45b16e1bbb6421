import { ApprovalPolicy, ApprovalSettings } from "@finops/platform/approvals/approval-schema";
import { pageQuery } from "@finops/platform/http/page";
import * as z from "zod";

export { ApprovalPolicy };

const Person = z.object({ id: z.string(), name: z.string() });

export const changeStates = ["requested", "approved", "rejected", "withdrawn", "expired", "applied"] as const;

/** A change that waits, or waited, for others. */
export const ChangeRequest = z.object({
  id: z.string(),
  kind: z.string(),
  summary: z.string(),
  reason: z.string(),
  /** `approved` without `applied`: it could not be made, and `failure` says why. */
  state: z.enum(changeStates),
  permission: z.string().describe("Who has it may approve"),
  peopleNeeded: z.number(),
  requestedBy: Person,
  requestedAt: z.string(),
  expiresAt: z.string(),
  decisions: z.array(Person.extend({ isApproval: z.boolean(), comment: z.string(), decidedAt: z.string() })),
  appliedAt: z.string().nullable(),
  failure: z.string().nullable(),
  /** Whether the one who reads this may decide about it now. */
  isForMe: z.boolean(),
  /** Whether the one who reads this asked for it, and so may take it back. */
  isMine: z.boolean(),
});
export type ChangeRequest = z.infer<typeof ChangeRequest>;

export const ChangeRequestDetails = ChangeRequest.extend({
  /** What was asked for, as it came. */
  payload: z.unknown(),
  /** What it came to, once it is applied. */
  result: z.unknown(),
  /** What it would do if it were made now; null where it is over, and where it cannot be tried without being made. */
  effect: z.union([
    z.object({
      /** What it replaces; null where everything is new. */
      before: z.unknown(),
      after: z.unknown(),
      /** Why it could not be made now, in a sentence; null where it could. */
      refusal: z.string().nullable(),
    }),
    z.null(),
  ]),
});
export type ChangeRequestDetails = z.infer<typeof ChangeRequestDetails>;

/** What a route answers with 202 where a policy wants the change approved. */
export const WaitingChange = z.object({
  request: z.object({ id: z.string(), summary: z.string(), peopleNeeded: z.number(), expiresAt: z.string() }),
});
export type WaitingChange = z.infer<typeof WaitingChange>;

/** The newest first. */
export const ChangeRequestsParameters = pageQuery({ usual: 50, max: 200 }).extend({
  state: z.enum([...changeStates, "all"]).default("requested"),
});
export type ChangeRequestsParameters = z.infer<typeof ChangeRequestsParameters>;
export const ChangeRequestPage = z.object({ requests: z.array(ChangeRequest), nextCursor: z.string().nullable() });
export type ChangeRequestPage = z.infer<typeof ChangeRequestPage>;

export const ChangeDecision = z.strictObject({
  decision: z.enum(["approve", "reject"]),
  comment: z.string().trim().max(500).default(""),
});
export type ChangeDecision = z.input<typeof ChangeDecision>;

export const ApprovalPolicies = z.object({
  kinds: z.array(z.object({ key: z.string(), about: z.string() })),
  policies: z.record(z.string(), ApprovalPolicy),
  validDays: z.number(),
});
export type ApprovalPolicies = z.infer<typeof ApprovalPolicies>;

export const ApprovalPoliciesInput = ApprovalSettings;
