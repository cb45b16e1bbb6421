import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Host } from "@finops/platform/host";
import { callbackUrl, type ProviderKind, type SignInProvider } from "@finops/platform/identity/oidc/providers";
import { parseIssuer } from "@finops/platform/identity/oidc/issuer-metadata";
import { samlAddresses } from "@finops/platform/identity/saml/saml";
import type { Context } from "@finops/platform/tenancy/context";
import {
  type IdentityProvider,
  IdentityProviderChange,
  IdentityProviderInput,
  type IdentityProviders,
  type IssuerFinding,
} from "./contract.ts";
import { checkIssuer } from "./check-issuer.ts";
import { findRow, insertProvider, sealSecret, toProvider, toSignInProvider } from "./provider-rows.ts";
import { checkSaml, readSamlChange } from "./saml-providers.ts";

export async function listIdentityProviders(ctx: Context): Promise<IdentityProviders> {
  requirePermission(ctx, "settings:write");
  const rows = await ctx.inTenant((tx) => tx.identityProvider.findMany({ orderBy: { name: "asc" } }));
  const { baseUrl, clock, saml } = ctx.host;
  return {
    providers: rows.map((row) => toProvider(row, clock.now())),
    redirectUri: callbackUrl(baseUrl),
    saml: saml === null ? null : samlAddresses(baseUrl),
  };
}

/** Adds a provider whose people can sign in; its secret is sealed. @throws precondition for what is no issuer */
export async function addIdentityProvider(ctx: Context, input: unknown): Promise<IdentityProvider> {
  requirePermission(ctx, "settings:write");
  const draft = IdentityProviderInput.parse(input);
  const issuer = parseIssuer(draft.issuer, ctx.host.signIn).href.replace(/\/$/, draft.issuer.endsWith("/") ? "/" : "");
  return insertProvider(ctx, { ...draft, issuer });
}

/** Its issuer cannot be changed: people are known by it. */
export async function changeIdentityProvider(ctx: Context, id: string, input: unknown): Promise<IdentityProvider> {
  requirePermission(ctx, "settings:write");
  const change = IdentityProviderChange.parse(input);
  const { clientSecret, name, clientId, scopes, isOn } = change;
  return ctx.inTenant(async (tx) => {
    const now = ctx.host.clock.now();
    const before = await findRow(tx, id);
    if (before.kind === "saml" && [clientSecret, clientId, scopes].some((one) => one !== undefined))
      throw new AppError("invalid", "A SAML provider has no client and no scopes. Change its metadata instead.");
    const { signInUrl, certificates } = await readSamlChange(ctx, before, change);
    await tx.identityProvider.updateMany({
      where: { id },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(clientId === undefined ? {} : { clientId }),
        ...(scopes === undefined ? {} : { scopes }),
        ...(isOn === undefined ? {} : { isOn }),
        ...(signInUrl === undefined ? {} : { signInUrl }),
        ...(certificates === undefined ? {} : { certificates: toJsonColumn(certificates) }),
        ...(clientSecret === undefined ? {} : { clientSecretSealed: await sealSecret(ctx, id, clientSecret) }),
        changedAt: now,
      },
    });
    const after = toProvider(await findRow(tx, id), now);
    await audit(tx, ctx, "identity-provider.changed", {
      before: toProvider(before, now),
      after: { ...after, hasNewSecret: clientSecret !== undefined },
    });
    return after;
  });
}

/** Nobody signs in with it any more; sessions that it began go on. */
export async function removeIdentityProvider(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "settings:write");
  await ctx.inTenant(async (tx) => {
    const before = toProvider(await findRow(tx, id), ctx.host.clock.now());
    await tx.identityProvider.deleteMany({ where: { id } });
    await audit(tx, ctx, "identity-provider.removed", { before });
  });
}

/** Asks the provider what it is; changes nothing. */
export async function testIdentityProvider(ctx: Context, id: string): Promise<{ findings: IssuerFinding[] }> {
  requirePermission(ctx, "settings:write");
  const row = await ctx.inTenant((tx) => findRow(tx, id));
  const provider = await toSignInProvider(ctx.host, row);
  return {
    findings:
      provider.kind === "saml"
        ? checkSaml(ctx.host.baseUrl, toProvider(row, ctx.host.clock.now()))
        : await checkIssuer(ctx.host, provider),
  };
}

/** What people of a company sign in with: what it brings itself, then what the installation offers. */
export async function listSignInProviders(
  host: Host,
  tenantId: string,
): Promise<Pick<SignInProvider, "key" | "name" | "kind">[]> {
  const rows = await host.db.inTenant(tenantId, (tx) =>
    tx.identityProvider.findMany({ where: { isOn: true, ...offered(host) }, orderBy: { name: "asc" } }),
  );
  return [
    ...rows.map(({ id, name, kind }) => ({ key: id, name, kind: kind as ProviderKind })),
    ...host.signIn.providers.map(({ key, name, kind }) => ({ key, name, kind })),
  ];
}

/** A provider with its secret; null where the company does not offer it. */
export async function findSignInProvider(host: Host, tenantId: string, key: string): Promise<SignInProvider | null> {
  const shared = host.signIn.providers.find((provider) => provider.key === key);
  if (shared !== undefined) return shared;
  if (!isId(key)) return null;
  const row = await host.db.inTenant(tenantId, (tx) =>
    tx.identityProvider.findFirst({ where: { id: key, isOn: true, ...offered(host) } }),
  );
  return row === null ? null : toSignInProvider(host, row);
}

/** A host without SAML offers none, though another host on the same database may. */
function offered({ saml }: Host): { kind?: { not: ProviderKind } } {
  return saml === null ? { kind: { not: "saml" } } : {};
}
