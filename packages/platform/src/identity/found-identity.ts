import * as z from "zod";

/** Who a provider says that came back. */
export const FoundIdentity = z.object({
  issuer: z.string(),
  subject: z.string(),
  /** Null where the provider tells none. */
  email: z.string().nullable(),
  /** Whether the provider checked that the address is the person's. */
  isEmailVerified: z.boolean(),
  name: z.string(),
  groups: z.array(z.string()),
});
export type FoundIdentity = z.infer<typeof FoundIdentity>;

/** What a claim of a provider is taken at. */
export const ClaimText = z.string().min(1).max(320);

/** The claim that lists a person's groups, where a company names no other. */
export const usualGroupClaim = "groups";

/** Why nobody came back: they did not want to, or what came is not what the provider would send. */
export class FlowRefused extends Error {
  readonly reason: "refused" | "failed";
  constructor(reason: FlowRefused["reason"], internal: string) {
    super(internal);
    this.name = "FlowRefused";
    this.reason = reason;
  }
}

/** By how much the clock of a provider may differ from the one here. */
export const clockLeewaySeconds = 60;
