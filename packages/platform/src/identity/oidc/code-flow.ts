import { AppError } from "@finops/kernel/app-error";
import type { Clock } from "@finops/kernel/clock";
import * as oauth from "oauth4webapi";
import * as z from "zod";
import { ClaimText, clockLeewaySeconds, FlowRefused, type FoundIdentity, usualGroupClaim } from "../found-identity.ts";
import { discoverIssuer, type IssuerAccess, issuerRequest, tenantPlace } from "./issuer-metadata.ts";
import type { OpenIdProvider } from "./providers.ts";

/** What one way through a provider is tied together by. */
export interface FlowSecrets {
  state: string;
  nonce: string;
  verifier: string;
}

export interface FlowParts {
  clock: Clock;
  access: IssuerAccess;
  redirectUri: string;
}

/** The address of the provider to which the browser goes. @throws upstream when the provider does not answer */
export async function startCodeFlow(
  provider: OpenIdProvider,
  { clock, access, redirectUri }: FlowParts,
  { state, nonce, verifier }: FlowSecrets,
): Promise<string> {
  const server = await discoverIssuer(provider, access, clock.now().getTime());
  if (server.authorization_endpoint === undefined)
    throw new AppError("upstream", `${provider.issuer} names no authorization endpoint, so nobody can sign in there.`);
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: provider.clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: provider.scopes.join(" "),
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Turns what came back into who came back: state and issuer of the answer, the code for tokens, and of the ID token signature,
 * issuer, audience, times and nonce (OpenID Connect Core 1.0, 3.1.3.7). @throws FlowRefused
 */
export async function finishCodeFlow(
  provider: OpenIdProvider,
  { clock, access, redirectUri }: FlowParts,
  { state, nonce, verifier }: FlowSecrets,
  answer: URLSearchParams,
  groupClaim: string = usualGroupClaim,
): Promise<FoundIdentity> {
  try {
    const server = await discoverIssuer(provider, access, clock.now().getTime());
    const client = {
      client_id: provider.clientId,
      [oauth.clockTolerance]: clockLeewaySeconds,
    };
    const parameters = oauth.validateAuthResponse(withoutTemplate(server), client, answer, state);
    const secret = provider.clientSecret;
    const tokens = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      secret === null ? oauth.None() : clientSecret(server, secret),
      parameters,
      redirectUri,
      verifier,
      issuerRequest(access),
    );
    const issuing = provider.kind === "microsoft" ? await withTenant(server, tokens) : server;
    const result = await oauth.processAuthorizationCodeResponse(issuing, client, tokens, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    // The specification lets a client trust TLS instead; the signature is checked all the same.
    await oauth.validateApplicationLevelSignature(issuing, tokens, issuerRequest(access));
    return readClaims(provider, oauth.getValidatedIdTokenClaims(result)!, groupClaim);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError && error.error === "access_denied")
      throw new FlowRefused("refused", "the person did not consent");
    throw error instanceof FlowRefused ? error : new FlowRefused("failed", describe(error));
  }
}

function clientSecret(server: oauth.AuthorizationServer, secret: string): oauth.ClientAuth {
  const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return methods.includes("client_secret_basic") ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

/** An answer cannot name the issuer of a document that names no tenant. */
function withoutTemplate(server: oauth.AuthorizationServer): oauth.AuthorizationServer {
  if (!server.issuer.includes(tenantPlace)) return server;
  return { ...server, authorization_response_iss_parameter_supported: false };
}

const TenantId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/**
 * Microsoft's document for several tenants, with the tenant that the token names. Nothing of the token is believed yet: its
 * issuer must be the one of this tenant, and its signature one of Microsoft's.
 */
async function withTenant(server: oauth.AuthorizationServer, tokens: Response): Promise<oauth.AuthorizationServer> {
  if (!server.issuer.includes(tenantPlace)) return server;
  const { id_token: token } = (await tokens.clone().json()) as { id_token?: unknown };
  const tid = typeof token === "string" ? TenantId.safeParse(peek(token)["tid"]) : null;
  if (tid?.success !== true) throw new FlowRefused("failed", "the ID token names no tenant");
  return { ...server, issuer: server.issuer.replace(tenantPlace, tid.data) };
}

function peek(token: string): Record<string, unknown> {
  try {
    const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return {};
  }
}

function readClaims({ kind }: OpenIdProvider, claims: oauth.IDToken, groupClaim: string): FoundIdentity {
  const isMicrosoft = kind === "microsoft";
  // Microsoft's `sub` differs per application; tenant (in the issuer) and object id name the person.
  const subject = ClaimText.safeParse(isMicrosoft ? claims["oid"] : claims.sub);
  if (!subject.success) throw new FlowRefused("failed", "the ID token names no subject");
  const tenant = /\/([0-9a-f-]{36})\/v2\.0$/.exec(claims.iss)?.[1];
  if (isMicrosoft && claims["tid"] !== tenant)
    throw new FlowRefused("failed", "the ID token's tenant is not the one of its issuer");
  const email = ClaimText.safeParse(claims["email"]);
  // Anybody who administers a tenant of Microsoft's can write any address into `email`; `xms_edov` says that its domain is theirs.
  const verified = isMicrosoft ? claims["xms_edov"] : claims["email_verified"];
  return {
    issuer: claims.iss,
    subject: subject.data,
    email: email.success ? email.data.trim().toLowerCase() : null,
    isEmailVerified: verified === true || (isMicrosoft && (verified === 1 || verified === "1")),
    name: ClaimText.catch("").parse(claims["name"]).slice(0, 120),
    groups: z.array(ClaimText).max(1000).catch([]).parse(claims[groupClaim]),
  };
}

/** Which check failed, for the log and the audit; nothing of a token. */
function describe(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof oauth.ResponseBodyError) return `the provider answers ${error.error}`;
  if (error instanceof oauth.AuthorizationResponseError) return `the provider answers ${error.error}`;
  return error instanceof Error ? error.message : "unknown";
}
