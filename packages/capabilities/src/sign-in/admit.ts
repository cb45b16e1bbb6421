import { applyAttributes } from "@finops/platform/access/apply-attributes";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Host } from "@finops/platform/host";
import type { FoundIdentity } from "@finops/platform/identity/found-identity";
import type { SignInProvider } from "@finops/platform/identity/oidc/providers";
import type { Attempt } from "@finops/platform/identity/sign-in-attempts";
import {
  allowsAddress,
  allowsIssuer,
  allowsJoining,
  type SignInPolicy,
  signInPolicySection,
} from "@finops/platform/identity/sign-in-policy";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, findUserByEmail, findUserByIdentity, linkIdentity } from "@finops/platform/identity/users";
import { readSettings } from "@finops/platform/tenancy/company-settings";
import type { Context } from "@finops/platform/tenancy/context";
import { type Arrival, createPersonContext } from "./arrival.ts";
import { mailOfCompany } from "./company-mail.ts";
import type { SignInErrorCode } from "./contract.ts";
import { join } from "./join-company.ts";
import { issuerOf } from "./mail-link.ts";
import { tellOfChange } from "./tell-of-change.ts";

/** What comes of somebody whom a provider vouches for. */
export type Admission =
  | { kind: "in"; userId: string }
  | { kind: "linked" }
  | { kind: "out"; code: SignInErrorCode; reason: string };

/**
 * Decides about somebody who came back from a provider. People are known by issuer and subject. An address lets nobody in by
 * itself: where it is one that we know, and the provider has checked it, a mail to it asks for the second proof.
 */
export async function admit(
  host: Host,
  provider: SignInProvider,
  attempt: Attempt,
  found: FoundIdentity,
  arrival: Arrival,
): Promise<Admission> {
  const { tenantId } = attempt;
  const policy = await host.db.inTenant(tenantId, (tx) => readSettings(tx, tenantId, signInPolicySection));
  if (!allowsIssuer(policy, found.issuer)) return out("issuer", `the issuer ${found.issuer} is not allowed`);
  const identity = { provider: identityKey(provider, found), subject: found.subject };
  const knownId = await findUserByIdentity(host.db, identity.provider, identity.subject);
  if (attempt.userId !== null) return addIdentity(host, attempt, identity, knownId, arrival);
  const parts = { host, attempt, found, policy, arrival };
  return knownId === null ? admitByAddress(parts, provider, identity) : admitKnown(parts, knownId);
}

/**
 * The installation's providers are believed by all companies; what a company brings itself is believed by that company alone, for
 * its administrator decides whom it names. An entity id is written down by them as well, where an issuer is asked for its keys: so
 * whom one SAML provider names is nobody whom another one does.
 */
export function identityKey(provider: SignInProvider, { issuer }: FoundIdentity): string {
  if (provider.kind === "saml") return `${provider.tenantId} ${provider.key} ${issuer}`;
  return provider.tenantId === null ? issuer : `${provider.tenantId} ${issuer}`;
}

interface Parts {
  host: Host;
  attempt: Attempt;
  found: FoundIdentity;
  policy: SignInPolicy;
  arrival: Arrival;
}

async function admitKnown({ host, attempt, found, policy, arrival }: Parts, userId: string): Promise<Admission> {
  const { tenantId } = attempt;
  const member = await host.db.inTenant(tenantId, (tx) =>
    tx.membership.findFirst({ where: { userId }, include: { user: true } }),
  );
  if (member !== null) {
    if (!allowsAddress(policy, member.user.email)) return out("domain", "the domain of the address is not allowed");
    await keepGroups(host, tenantId, userId, found);
    return { kind: "in", userId };
  }
  const email = found.isEmailVerified ? found.email : null;
  if (email === null || !allowsJoining(policy, found.issuer, email)) return noAccount();
  await join(host, { tenantId, userId, email, name: found.name, role: policy.provisioning.role, arrival });
  await keepGroups(host, tenantId, userId, found);
  return { kind: "in", userId };
}

type IdentityKey = { provider: string; subject: string };

async function admitByAddress(parts: Parts, provider: SignInProvider, identity: IdentityKey): Promise<Admission> {
  const { host, attempt, found, policy, arrival } = parts;
  const { tenantId } = attempt;
  const { email } = found;
  if (email === null) return out("email-missing", "the provider tells no address");
  if (!found.isEmailVerified) return out("email-unverified", "the provider has not checked the address");
  if (!allowsAddress(policy, email)) return out("domain", "the domain of the address is not allowed");
  const mayJoin = allowsJoining(policy, found.issuer, email);
  const person = await findUserByEmail(host.db, email);
  if (person === null) {
    if (!mayJoin) return noAccount();
    // What a provider calls somebody is for this company to see; another one may call them otherwise.
    const userId = await ensureUser(host.db, { email, name: "" });
    await linkIdentity(host.db, userId, identity.provider, identity.subject);
    await join(host, { tenantId, userId, email, name: found.name, role: policy.provisioning.role, arrival });
    await keepGroups(host, tenantId, userId, found);
    return { kind: "in", userId };
  }
  const { userId } = person;
  const isMember = await host.db.inTenant(tenantId, (tx) => tx.membership.count({ where: { userId } }));
  if (person.isDisabled || (isMember === 0 && !mayJoin)) return noAccount();
  const { browserHash, isRemembered, origin } = attempt;
  const joinsAs = isMember === 0 ? policy.provisioning.role : null;
  const link = await createSignInLink(
    host.db,
    host.clock,
    { tenantId, userId },
    { isRemembered, browserHash, identity, joinsAs },
  );
  await mailOfCompany(host, tenantId, {
    to: email,
    subject: `Confirm signing in with ${provider.name}`,
    text: (company) =>
      `Somebody, most likely you, signed in to ${company} with ${provider.name} and your address. To use ${provider.name} from now on, open this link in the same browser, once, within 15 minutes:\n\n${origin}/sign-in/${link.token}\n\nIf it was not you, do nothing.`,
  });
  return out("email-sent", "the address waits to be confirmed by mail");
}

/** Both are proven: the account by its session, the identity by the provider. */
async function addIdentity(
  host: Host,
  { tenantId, userId }: Attempt,
  identity: IdentityKey,
  knownId: string | null,
  arrival: Arrival,
): Promise<Admission> {
  if (userId === null || arrival.userId !== userId) return out("expired", "the session of who started has ended");
  if (knownId !== null && knownId !== userId) return out("linked-elsewhere", "the identity belongs to somebody else");
  if (knownId === null) {
    const ctx = await host.db.inTenant(tenantId, async (tx) => {
      await linkIdentity(host.db, userId, identity.provider, identity.subject);
      const person = await contextOfPerson(tx, host, tenantId, userId, arrival);
      await audit(tx, person, "identity.linked", { after: identity });
      return person;
    });
    await tellOfChange(ctx, userId, `Signing in by ${issuerOf(identity.provider)} was added`);
  }
  return { kind: "linked" };
}

async function contextOfPerson(
  tx: Tx,
  host: Host,
  tenantId: string,
  userId: string,
  arrival: Arrival,
): Promise<Context> {
  const user = await tx.user.findFirst({ where: { id: userId } });
  return createPersonContext(host, tenantId, { id: userId, name: user?.name || (user?.email ?? "unknown") }, arrival);
}

async function keepGroups(host: Host, tenantId: string, userId: string, { groups }: FoundIdentity): Promise<void> {
  await applyAttributes(host.db, host.clock, tenantId, userId, { groups });
}

function noAccount(): Admission {
  return out("no-account", "the account does not belong to the company");
}

function out(code: SignInErrorCode, reason: string): Admission {
  return { kind: "out", code, reason };
}
