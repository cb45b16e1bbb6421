import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { IdentityProvider as ProviderRow } from "@finops/platform/db/generated/client";
import type { Host } from "@finops/platform/host";
import { callbackUrl, type ProviderKind, type SignInProvider } from "@finops/platform/identity/oidc/providers";
import { parseIssuer } from "@finops/platform/identity/oidc/issuer-metadata";
import type { Context } from "@finops/platform/tenancy/context";
import {
  type IdentityProvider,
  IdentityProviderChange,
  IdentityProviderInput,
  type IdentityProviders,
  type IssuerFinding,
} from "./contract.ts";
import { checkIssuer } from "./check-issuer.ts";

const providersMax = 200;

export async function listIdentityProviders(ctx: Context): Promise<IdentityProviders> {
  requirePermission(ctx, "settings:write");
  const rows = await ctx.inTenant((tx) => tx.identityProvider.findMany({ orderBy: { name: "asc" } }));
  return { providers: rows.map(toProvider), redirectUri: callbackUrl(ctx.host.baseUrl) };
}

/** Adds a provider whose people can sign in; its secret is sealed. @throws precondition for what is no issuer */
export async function addIdentityProvider(ctx: Context, input: unknown): Promise<IdentityProvider> {
  requirePermission(ctx, "settings:write");
  const { clientSecret, ...draft } = IdentityProviderInput.parse(input);
  const issuer = parseIssuer(draft.issuer, ctx.host.signIn).href.replace(/\/$/, draft.issuer.endsWith("/") ? "/" : "");
  return ctx.inTenant(async (tx) => {
    if ((await tx.identityProvider.count()) >= providersMax)
      throw new AppError("limit", `A company has at most ${providersMax} providers. Remove one that nobody uses.`);
    const id = newId();
    const now = ctx.host.clock.now();
    const row = await tx.identityProvider.create({
      data: {
        ...draft,
        id,
        tenantId: ctx.tenantId,
        issuer,
        clientSecretSealed: await sealSecret(ctx, id, clientSecret),
        createdAt: now,
        changedAt: now,
      },
    });
    await audit(tx, ctx, "identity-provider.added", { after: toProvider(row) });
    return toProvider(row);
  });
}

/** Its issuer cannot be changed: people are known by it. */
export async function changeIdentityProvider(ctx: Context, id: string, input: unknown): Promise<IdentityProvider> {
  requirePermission(ctx, "settings:write");
  const { clientSecret, name, clientId, scopes, isOn } = IdentityProviderChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const before = await findRow(tx, id);
    await tx.identityProvider.updateMany({
      where: { id },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(clientId === undefined ? {} : { clientId }),
        ...(scopes === undefined ? {} : { scopes }),
        ...(isOn === undefined ? {} : { isOn }),
        ...(clientSecret === undefined ? {} : { clientSecretSealed: await sealSecret(ctx, id, clientSecret) }),
        changedAt: ctx.host.clock.now(),
      },
    });
    const after = toProvider(await findRow(tx, id));
    await audit(tx, ctx, "identity-provider.changed", {
      before: toProvider(before),
      after: { ...after, hasNewSecret: clientSecret !== undefined },
    });
    return after;
  });
}

/** Nobody signs in with it any more; sessions that it began go on. */
export async function removeIdentityProvider(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "settings:write");
  await ctx.inTenant(async (tx) => {
    const before = toProvider(await findRow(tx, id));
    await tx.identityProvider.deleteMany({ where: { id } });
    await audit(tx, ctx, "identity-provider.removed", { before });
  });
}

/** Asks the provider what it is; changes nothing. */
export async function testIdentityProvider(ctx: Context, id: string): Promise<{ findings: IssuerFinding[] }> {
  requirePermission(ctx, "settings:write");
  const row = await ctx.inTenant((tx) => findRow(tx, id));
  return { findings: await checkIssuer(ctx.host, await toSignInProvider(ctx.host, row)) };
}

/** What people of a company sign in with: what it brings itself, then what the installation offers. */
export async function listSignInProviders(
  host: Host,
  tenantId: string,
): Promise<Pick<SignInProvider, "key" | "name" | "kind">[]> {
  const rows = await host.db.inTenant(tenantId, (tx) =>
    tx.identityProvider.findMany({ where: { isOn: true }, orderBy: { name: "asc" } }),
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
    tx.identityProvider.findFirst({ where: { id: key, isOn: true } }),
  );
  return row === null ? null : toSignInProvider(host, row);
}

async function toSignInProvider(host: Host, row: ProviderRow): Promise<SignInProvider> {
  const { tenantId, clientSecretSealed: sealed } = row;
  return {
    key: row.id,
    name: row.name,
    kind: row.kind as ProviderKind,
    issuer: row.issuer,
    clientId: row.clientId,
    clientSecret: sealed === null ? null : await host.vault.ofCompany(tenantId).open(sealed, bindingOf(row.id)),
    scopes: row.scopes,
    tenantId,
  };
}

async function sealSecret(ctx: Context, id: string, secret: string | null): Promise<string | null> {
  return secret === null ? null : ctx.host.vault.ofCompany(ctx.tenantId).seal(secret, bindingOf(id));
}

function bindingOf(id: string): string {
  return `identity-provider ${id}`;
}

async function findRow(tx: Tx, id: string): Promise<ProviderRow> {
  const row = isId(id) ? await tx.identityProvider.findFirst({ where: { id } }) : null;
  if (row === null) throw new AppError("not_found", "The company has no such provider.");
  return row;
}

function toProvider(row: ProviderRow): IdentityProvider {
  const { id, name, issuer, clientId, scopes, isOn } = row;
  return {
    id,
    name,
    kind: row.kind as ProviderKind,
    issuer,
    clientId,
    hasSecret: row.clientSecretSealed !== null,
    scopes,
    isOn,
    createdAt: row.createdAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
  };
}
