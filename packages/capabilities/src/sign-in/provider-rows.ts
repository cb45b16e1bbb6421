import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { IdentityProvider as ProviderRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Host } from "@finops/platform/host";
import type { ProviderKind, SignInProvider } from "@finops/platform/identity/oidc/providers";
import type { SamlCertificate } from "@finops/platform/identity/saml/saml";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import type { certificateStates, IdentityProvider } from "./contract.ts";

const providersMax = 200;

/** What a new provider has, of either kind. */
interface NewProvider {
  name: string;
  kind: ProviderKind;
  issuer: string;
  isOn: boolean;
  clientId?: string;
  clientSecret?: string | null;
  scopes?: string[];
  signInUrl?: string;
  certificates?: readonly SamlCertificate[];
}

export async function insertProvider(
  ctx: Context,
  { clientSecret = null, certificates = [], scopes = [], ...draft }: NewProvider,
): Promise<IdentityProvider> {
  return ctx.inTenant(async (tx) => {
    if ((await tx.identityProvider.count()) >= providersMax)
      throw new AppError("limit", `A company has at most ${providersMax} providers. Remove one that nobody uses.`);
    const id = newId();
    const now = ctx.host.clock.now();
    const row = await tx.identityProvider.create({
      data: {
        ...draft,
        scopes,
        id,
        tenantId: ctx.tenantId,
        clientSecretSealed: await sealSecret(ctx, id, clientSecret),
        certificates: toJsonColumn(certificates),
        createdAt: now,
        changedAt: now,
      },
    });
    const provider = toProvider(row, now);
    await audit(tx, ctx, "identity-provider.added", { after: provider });
    return provider;
  });
}

export async function findRow(tx: Tx, id: string): Promise<ProviderRow> {
  const row = isId(id) ? await tx.identityProvider.findFirst({ where: { id } }) : null;
  if (row === null) throw new AppError("not_found", "The company has no such provider.");
  return row;
}

export function toProvider(row: ProviderRow, now: Date): IdentityProvider {
  const { id, name, issuer, clientId, scopes, signInUrl, isOn } = row;
  return {
    id,
    name,
    kind: row.kind as ProviderKind,
    issuer,
    clientId,
    hasSecret: row.clientSecretSealed !== null,
    scopes,
    signInUrl,
    certificates: Certificates.parse(row.certificates).map(({ fingerprint, endsAt }) => ({
      fingerprint,
      endsAt: endsAt.toISOString(),
      state: certificateState(endsAt, now),
    })),
    isOn,
    createdAt: row.createdAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
  };
}

const warnedDays = 30;

function certificateState(endsAt: Date, now: Date): (typeof certificateStates)[number] {
  const leftMs = endsAt.getTime() - now.getTime();
  if (leftMs <= 0) return "ended";
  return leftMs <= warnedDays * 86_400_000 ? "ending" : "good";
}

/** A provider with its secret. */
export async function toSignInProvider(host: Host, row: ProviderRow): Promise<SignInProvider> {
  const { tenantId, name, issuer, clientSecretSealed: sealed } = row;
  const parts = { key: row.id, name, issuer, tenantId };
  if (row.kind === "saml") {
    const certificates = Certificates.parse(row.certificates).map(({ pem }) => pem);
    return { ...parts, kind: "saml", signInUrl: row.signInUrl!, certificates };
  }
  return {
    ...parts,
    kind: row.kind as Exclude<ProviderKind, "saml">,
    clientId: row.clientId!,
    clientSecret: sealed === null ? null : await host.vault.ofCompany(tenantId).open(sealed, bindingOf(row.id)),
    scopes: row.scopes,
  };
}

export async function sealSecret(ctx: Context, id: string, secret: string | null): Promise<string | null> {
  return secret === null ? null : ctx.host.vault.ofCompany(ctx.tenantId).seal(secret, bindingOf(id));
}

const Certificates = z.array(z.object({ pem: z.string(), fingerprint: z.string(), endsAt: z.coerce.date() }));

function bindingOf(id: string): string {
  return `identity-provider ${id}`;
}
