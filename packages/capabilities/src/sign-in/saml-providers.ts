import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Host } from "@finops/platform/host";
import { isAddressAllowed } from "@finops/platform/identity/oidc/issuer-metadata";
import { type ProviderMetadata, type Saml, samlAddresses } from "@finops/platform/identity/saml/saml";
import type { Context } from "@finops/platform/tenancy/context";
import {
  type IdentityProvider,
  type IdentityProviderChange,
  type IssuerFinding,
  SamlProviderInput,
} from "./contract.ts";
import { insertProvider } from "./provider-rows.ts";

/** Adds a provider from its metadata, or from what is in it. @throws precondition for what is no provider */
export async function addSamlProvider(ctx: Context, input: unknown): Promise<IdentityProvider> {
  requirePermission(ctx, "settings:write");
  const { name, isOn, ...described } = SamlProviderInput.parse(input);
  const { entityId: issuer, signInUrl, certificates } = await readDescription(ctx.host, described);
  requireAddress(ctx.host, signInUrl);
  return insertProvider(ctx, { name, kind: "saml", issuer, signInUrl, certificates, isOn });
}

/**
 * What a change makes of where a provider is and what it signs with. Its entity id stays: people are known by it. Whoever has
 * the key to a certificate can sign in as anybody who uses the provider, so it takes somebody who may make owners.
 * @throws invalid where it is no SAML provider, and conflict for the metadata of another one
 */
export async function readSamlChange(
  ctx: Context,
  { kind, issuer }: { kind: string; issuer: string },
  { metadata, signInUrl, certificates }: IdentityProviderChange,
): Promise<Partial<Pick<ProviderMetadata, "signInUrl" | "certificates">>> {
  if (metadata === undefined && signInUrl === undefined && certificates === undefined) return {};
  if (kind !== "saml") throw new AppError("invalid", "Only a SAML provider has metadata, certificates and an address.");
  requirePermission(ctx, "owners:write");
  const { host } = ctx;
  const saml = requireSaml(host);
  const read = metadata === undefined ? null : await saml.readMetadata(metadata);
  if (read !== null && read.entityId !== issuer)
    throw new AppError("conflict", `This is the metadata of ${read.entityId}. Add it as a provider of its own.`);
  const next = {
    ...(read === null ? {} : { signInUrl: read.signInUrl, certificates: read.certificates }),
    ...(signInUrl === undefined ? {} : { signInUrl }),
    ...(certificates === undefined ? {} : { certificates: await readCertificates(saml, certificates) }),
  };
  if (next.signInUrl !== undefined) requireAddress(host, next.signInUrl);
  return next;
}

/** What would keep people from signing in, as far as it can be told without asking the provider. */
export function checkSaml(baseUrl: string, { name, certificates }: IdentityProvider): IssuerFinding[] {
  const { entityId, consumerUrl } = samlAddresses(baseUrl);
  return [
    ...certificates.map(({ fingerprint, endsAt, state }) => ({
      what: "Certificate",
      ok: state === "good",
      detail: `${fingerprint.slice(0, 23)}… ${ends[state]} ${endsAt.slice(0, 10)}`,
    })),
    { what: "Entity id", ok: true, detail: `register exactly ${entityId} as audience at ${name}` },
    { what: "Consumer", ok: true, detail: `register exactly ${consumerUrl}, by POST, and let assertions be signed` },
    { what: "Name id", ok: true, detail: "set its format to persistent" },
  ];
}

const ends = {
  good: "counts until",
  ending: "ends soon. Ask the provider for its next one. It counts until",
  ended: "has ended. What it signs is taken all the same; ask the provider for a new one. It counted until",
} as const;

async function readDescription(
  host: Host,
  { metadata, issuer, signInUrl, certificates }: Omit<SamlProviderInput, "name" | "isOn">,
): Promise<ProviderMetadata> {
  const saml = requireSaml(host);
  if (metadata != null) return saml.readMetadata(metadata);
  if (issuer == null || signInUrl == null || certificates == null)
    throw new AppError("invalid", "Give the provider's metadata, or its entity id, its address and its certificates.");
  return { entityId: issuer, signInUrl, certificates: await readCertificates(saml, certificates) };
}

function readCertificates(saml: Saml, texts: readonly string[]): Promise<ProviderMetadata["certificates"]> {
  return Promise.all(texts.map((text) => saml.readCertificate(text)));
}

function requireSaml({ saml }: Host): Saml {
  if (saml === null)
    throw new AppError(
      "precondition",
      "SAML is not offered on this host. Use a host that runs on Node, or add the provider as one of OpenID Connect.",
    );
  return saml;
}

function requireAddress({ signIn }: Host, signInUrl: string): void {
  if (!isAddressAllowed(signInUrl, signIn))
    throw new AppError("precondition", `"${signInUrl.slice(0, 200)}" is no sign-in address. It begins with https:.`);
}
