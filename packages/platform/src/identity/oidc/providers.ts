import { AppError } from "@finops/kernel/app-error";
import type { IssuerAccess, IssuerFetch } from "./issuer-metadata.ts";

/** `saml` is a company's own alone. */
export type ProviderKind = "oidc" | "google" | "microsoft" | "saml";

/** What people sign in with. */
export type SignInProvider = OpenIdProvider | SamlProvider;

interface ProviderParts {
  /** `google` and `microsoft` of the installation, else the id of the company's own. */
  key: string;
  /** As it stands on the button. */
  name: string;
}

export interface OpenIdProvider extends ProviderParts {
  kind: Exclude<ProviderKind, "saml">;
  /** Where its discovery document is. Microsoft's for several tenants has another issuer in its tokens: one of each tenant. */
  issuer: string;
  clientId: string;
  /** Null for a client without a secret, which PKCE alone protects. */
  clientSecret: string | null;
  scopes: readonly string[];
  /** The company whose own it is; null for one of the installation. */
  tenantId: string | null;
}

export interface SamlProvider extends ProviderParts {
  kind: "saml";
  /** Its entity id. */
  issuer: string;
  /** Where the browser goes with a request (HTTP-Redirect). */
  signInUrl: string;
  /** What it signs with, of now and of soon; PEM. */
  certificates: readonly string[];
  tenantId: string;
}

/** What an installation offers all of its companies. */
export interface SignInSetup extends IssuerAccess {
  providers: readonly OpenIdProvider[];
}

export const googleIssuer = "https://accounts.google.com";
export const microsoftHost = "https://login.microsoftonline.com";
export const usualScopes: readonly string[] = ["openid", "email", "profile"];

/**
 * The installation's providers, of `FINOPS_GOOGLE_CLIENT_ID` and `FINOPS_GOOGLE_CLIENT_SECRET`, and of `FINOPS_MICROSOFT_CLIENT_ID`,
 * `FINOPS_MICROSOFT_CLIENT_SECRET` and `FINOPS_MICROSOFT_TENANT` (`organizations` where it is not set: work accounts of all tenants).
 * Providers on one's own machine, at http: and
 * inside, are for `FINOPS_HTTP_ISSUERS=1`; those inside of one's own network for `FINOPS_ALLOW_PRIVATE_ISSUERS=1`.
 * @param createFetch of the host
 * @throws precondition when one is set without the other
 */
export function readSignInSetup(
  env: NodeJS.ProcessEnv,
  createFetch: (reach: { isInsideAllowed: boolean }) => IssuerFetch,
): SignInSetup {
  const shared = { scopes: usualScopes, tenantId: null };
  const providers: OpenIdProvider[] = [];
  const google = readClient(env, "FINOPS_GOOGLE");
  if (google !== null)
    providers.push({ key: "google", name: "Google", kind: "google", issuer: googleIssuer, ...google, ...shared });
  const microsoft = readClient(env, "FINOPS_MICROSOFT");
  const tenant = env["FINOPS_MICROSOFT_TENANT"] || "organizations";
  const issuer = `${microsoftHost}/${tenant}/v2.0`;
  if (microsoft !== null)
    providers.push({ key: "microsoft", name: "Microsoft", kind: "microsoft", issuer, ...microsoft, ...shared });
  const { isHttpAllowed, isInsideAllowed } = readReach(env);
  return { providers, isHttpAllowed, fetch: createFetch({ isInsideAllowed }) };
}

/** Which addresses that people write down are asked at all; alerts ask by the same rule. */
export function readReach(env: NodeJS.ProcessEnv): { isHttpAllowed: boolean; isInsideAllowed: boolean } {
  const isHttpAllowed = env["FINOPS_HTTP_ISSUERS"] === "1";
  return { isHttpAllowed, isInsideAllowed: isHttpAllowed || env["FINOPS_ALLOW_PRIVATE_ISSUERS"] === "1" };
}

function readClient(env: NodeJS.ProcessEnv, name: string): { clientId: string; clientSecret: string } | null {
  const [clientId, clientSecret] = [env[`${name}_CLIENT_ID`] ?? "", env[`${name}_CLIENT_SECRET`] ?? ""];
  if (clientId === "" && clientSecret === "") return null;
  if (clientId === "" || clientSecret === "")
    throw new AppError(
      "precondition",
      `${name}_CLIENT_ID and ${name}_CLIENT_SECRET go together: set both, or neither.`,
    );
  return { clientId, clientSecret };
}

/** The one address that every provider sends people back to. */
export function callbackUrl(baseUrl: string): string {
  return `${baseUrl}/sign-in/callback`;
}
