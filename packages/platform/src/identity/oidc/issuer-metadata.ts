import { AppError } from "@finops/kernel/app-error";
import * as oauth from "oauth4webapi";
import type { OpenIdProvider } from "./providers.ts";

/** How a provider is talked to. */
export interface IssuerAccess {
  isHttpAllowed: boolean;
  /** A company's administrator writes the address, so what a host gives here reaches nothing inside of its own network. */
  fetch: IssuerFetch;
}

export type IssuerFetch = (url: string, call: IssuerCall) => Promise<Response>;

const timeoutMs = 10_000;
const answerBytesMax = 1_000_000;
const keptMs = 60 * 60 * 1000;
const keptMax = 200;

/** In Microsoft's document for several tenants, the place of the tenant's id. */
export const tenantPlace = "{tenantid}";

const known = new Map<string, { server: oauth.AuthorizationServer; untilMs: number }>();

/** The options of every request to a provider: in time, of bearable size, and never sent on to another address. */
export function issuerRequest({ isHttpAllowed, fetch }: IssuerAccess) {
  return {
    [oauth.customFetch]: async (url: string, call: IssuerCall) => limitBytes(await fetch(url, call)),
    [oauth.allowInsecureRequests]: isHttpAllowed,
    signal: () => AbortSignal.timeout(timeoutMs),
  };
}

/**
 * What a provider says of itself, asked for once an hour. @throws precondition for an address that is none, upstream when it does
 * not answer as a provider does
 */
export async function discoverIssuer(
  provider: Pick<OpenIdProvider, "issuer" | "kind">,
  access: IssuerAccess,
  nowMs: number,
): Promise<oauth.AuthorizationServer> {
  const kept = known.get(provider.issuer);
  if (kept !== undefined && kept.untilMs > nowMs) return kept.server;
  const { server } = await fetchMetadata(provider, access);
  if (known.size >= keptMax) known.clear();
  known.set(provider.issuer, { server, untilMs: nowMs + keptMs });
  return server;
}

/** The same, asked for in any case, with the clock of the provider where it tells it. */
export async function fetchMetadata(
  { issuer, kind }: Pick<OpenIdProvider, "issuer" | "kind">,
  access: IssuerAccess,
): Promise<{ server: oauth.AuthorizationServer; date: Date | null }> {
  const url = parseIssuer(issuer, access);
  try {
    const answer = await oauth.discoveryRequest(url, { algorithm: "oidc", ...issuerRequest(access) });
    const date = answer.headers.get("date");
    const server = await oauth.processDiscoveryResponse(await expectedIssuer(url, kind, answer), answer);
    return { server, date: date === null ? null : new Date(date) };
  } catch (cause) {
    throw new AppError(
      "upstream",
      `${issuer} does not answer as an OpenID provider. Open ${issuer}/.well-known/openid-configuration: its "issuer" must be exactly this address. One inside of the installation's own network is for its operator to allow.`,
      { cause, internal: String(cause) },
    );
  }
}

/** @throws precondition for what cannot be the address of a provider */
export function parseIssuer(issuer: string, access: IssuerAccess): URL {
  const url = isAddressAllowed(issuer, access) ? new URL(issuer) : null;
  if (url === null || url.search !== "")
    throw new AppError("precondition", `"${issuer.slice(0, 200)}" is no issuer. Write it as https://login.acme.com.`);
  return url;
}

/** Whether browsers are sent there, and secrets: an encrypted way, unless the installation says otherwise. */
export function isAddressAllowed(address: string, { isHttpAllowed }: IssuerAccess): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isWeb = url?.protocol === "https:" || (isHttpAllowed && url?.protocol === "http:");
  return url !== null && isWeb && url.hash === "" && url.username === "" && url.password === "";
}

/** Microsoft's document for several tenants names no tenant: the issuer of a token is checked with the tenant of that token. */
async function expectedIssuer(asked: URL, kind: OpenIdProvider["kind"], answer: Response): Promise<URL> {
  if (kind !== "microsoft") return asked;
  const { issuer } = (await answer.clone().json()) as { issuer?: unknown };
  const template = new URL(asked.href.replace(/\/(common|organizations|consumers)\//, `/${tenantPlace}/`));
  return typeof issuer === "string" && issuer.includes(tenantPlace) ? template : asked;
}

/** A request as the library makes it. */
export interface IssuerCall {
  method: string;
  headers: Record<string, string>;
  body?: URLSearchParams | undefined;
  signal?: AbortSignal | undefined;
}

function limitBytes(answer: Response): Response {
  if (answer.body === null) return answer;
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > answerBytesMax) controller.error(new Error("the answer of the provider is too large"));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = answer;
  return new Response(answer.body.pipeThrough(limit), { status, statusText, headers });
}
