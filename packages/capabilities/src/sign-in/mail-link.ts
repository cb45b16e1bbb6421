import { AppError } from "@finops/kernel/app-error";
import type { Host } from "@finops/platform/host";
import { allowsAddress, allowsIssuer, signInPolicySection } from "@finops/platform/identity/sign-in-policy";
import {
  createSignInLink,
  signInLinkMinutes,
  useSignInLink as takeSignInLink,
  type FoundLink,
} from "@finops/platform/identity/sign-in-links";
import { findUserByIdentity, linkIdentity } from "@finops/platform/identity/users";
import { audit } from "@finops/platform/audit/audit";
import { parseSection, readSettings } from "@finops/platform/tenancy/company-settings";
import { type Arrival, createPersonContext } from "./arrival.ts";
import { mailOfCompany } from "./company-mail.ts";
import type { SignInErrorCode } from "./contract.ts";
import { join } from "./join-company.ts";
import { tellOfChange } from "./tell-of-change.ts";

export interface LinkWish {
  tenantId: string;
  email: string;
  isRemembered: boolean;
  browserHash: string;
  /** Where the company is reached. */
  origin: string;
}

/** Nobody's mailbox is filled by who knows their address. */
const openLinksMax = 5;

/** Sends a link to a member who may sign in by one; does nothing for anybody else. The answer must not wait for it. */
export async function sendLink(host: Host, wish: LinkWish): Promise<void> {
  const { tenantId, isRemembered, browserHash, origin } = wish;
  const email = wish.email.trim().toLowerCase();
  const userId = await host.db.inTenant(tenantId, async (tx) => {
    const policy = await readSettings(tx, tenantId, signInPolicySection);
    if (!allowsIssuer(policy, null) || !allowsAddress(policy, email)) return null;
    const user = await tx.user.findFirst({ where: { email, disabledAt: null } });
    if (user === null) return null;
    const since = { userId: user.id, expiresAt: { gt: host.clock.now() }, browserHash: { not: null } };
    return (await tx.signInLink.count({ where: since })) >= openLinksMax ? null : user.id;
  });
  if (userId === null) return;
  const link = await createSignInLink(host.db, host.clock, { tenantId, userId }, { isRemembered, browserHash });
  await mailOfCompany(host, tenantId, {
    to: email,
    subject: "Your link to sign in",
    text: (company) =>
      `Open this link to sign in to ${company}, once, within ${signInLinkMinutes} minutes:\n\n${origin}/sign-in/${link.token}\n\nIf you did not ask for it, do nothing.`,
  });
}

export type LinkUse =
  | { kind: "in"; tenantId: string; userId: string; isRemembered: boolean }
  | { kind: "out"; code: SignInErrorCode };

/**
 * Uses a link up as far as the company's rules let it: whoever has one of a mail reads the mailbox. A link that adds a way to sign
 * in wants the browser that asked, too. The operator's own links ask no rules, and are not used here.
 */
export async function admitByLink(
  host: Host,
  token: string,
  found: FoundLink,
  browserHash: string | null,
  arrival: Arrival,
): Promise<LinkUse> {
  const { tenantId, userId } = found;
  const settings = await host.db.inTenant(tenantId, (tx) =>
    tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { settings: true } }),
  );
  const policy = parseSection(settings.settings, signInPolicySection);
  const issuer = found.identityProvider === null ? null : issuerOf(found.identityProvider);
  if (!allowsIssuer(policy, issuer)) return { kind: "out", code: "issuer" };
  if (!allowsAddress(policy, found.email)) return { kind: "out", code: "domain" };
  if (issuer !== null && found.browserHash !== browserHash) return { kind: "out", code: "browser" };
  const used = await takeSignInLink(host.db, host.clock, token);
  if (used === null) return { kind: "out", code: "link-used" };
  const { identity, joinsAs, isRemembered } = used;
  if (joinsAs !== null && !policy.provisioning.isOn) return { kind: "out", code: "no-account" };
  if (joinsAs !== null) await join(host, { tenantId, userId, email: found.email, name: "", role: joinsAs, arrival });
  if (identity !== null) {
    const known = await findUserByIdentity(host.db, identity.provider, identity.subject);
    if (known !== null && known !== userId) return { kind: "out", code: "linked-elsewhere" };
    const ctx = createPersonContext(host, tenantId, { id: userId, name: found.email }, arrival);
    if (known === null) {
      await host.db.inTenant(tenantId, async (tx) => {
        await linkIdentity(host.db, userId, identity.provider, identity.subject);
        await audit(tx, ctx, "identity.linked", { after: identity });
      });
      await tellOfChange(ctx, userId, `Signing in by ${issuerOf(identity.provider)} was added`);
    }
  }
  return { kind: "in", tenantId, userId, isRemembered };
}

/** The issuer of a key as `identityKey` makes it. */
export function issuerOf(identityProvider: string): string {
  return identityProvider.split(" ").at(-1)!;
}

/** @throws invalid on what is no address */
export function readAddress(email: string): string {
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new AppError("invalid", "email: Write an address such as ann@acme.com.");
  return email;
}
