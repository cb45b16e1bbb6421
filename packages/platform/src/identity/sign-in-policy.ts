import * as z from "zod";
import type { SettingsSection } from "../tenancy/settings-section.ts";

const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/, "Write a domain such as acme.com.");
const Issuer = z.string().trim().max(500);

/** Who may sign in to a company, and how. */
export const SignInPolicy = z.object({
  /** Domains of e-mail addresses; none means any. */
  allowedDomains: z.array(Domain).max(100).default([]),
  /** Issuers of identities, as `iss` has them; none means any that the company offers. */
  allowedIssuers: z.array(Issuer).max(50).default([]),
  /** The only way in, besides the operator's link. */
  requiredIssuer: Issuer.nullable().default(null),
  secondFactor: z.enum(["optional", "required"]).default("optional"),
  /** Who has an address of an allowed domain from an allowed issuer, and is no member, becomes one by signing in. */
  provisioning: z
    .object({
      isOn: z.boolean().default(false),
      role: z.string().max(60).default("viewer"),
      /** The claim that lists a person's groups: their attribute `groups`, by which rules give roles. */
      groupClaim: z.string().max(100).default("groups"),
    })
    .prefault({}),
});

export type SignInPolicy = z.output<typeof SignInPolicy>;

/** The section of a company's settings that keeps it. */
export const signInPolicySection: SettingsSection<SignInPolicy> = { key: "signIn", schema: SignInPolicy };

/** Whether somebody with this address may sign in. */
export function allowsAddress({ allowedDomains }: SignInPolicy, email: string): boolean {
  return allowedDomains.length === 0 || allowedDomains.includes(email.slice(email.lastIndexOf("@") + 1).toLowerCase());
}

/** Whether an identity of this issuer lets in; null asks about ways without an issuer: links and passkeys. */
export function allowsIssuer({ requiredIssuer, allowedIssuers }: SignInPolicy, issuer: string | null): boolean {
  if (requiredIssuer !== null) return issuer === requiredIssuer;
  return issuer === null || allowedIssuers.length === 0 || allowedIssuers.includes(issuer);
}

/** Whether the company said so itself that people of this issuer and address may become members. */
export function allowsJoining(policy: SignInPolicy, issuer: string, email: string): boolean {
  const isNamed = policy.requiredIssuer === issuer || policy.allowedIssuers.includes(issuer);
  return (
    policy.provisioning.isOn &&
    allowsIssuer(policy, issuer) &&
    // Without either, everybody who has an account at a public provider could join.
    (isNamed || policy.allowedDomains.length > 0) &&
    allowsAddress(policy, email)
  );
}
