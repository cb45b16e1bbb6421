import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  calculateJwkThumbprint,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import Provider from "oidc-provider";

/** Who signs in at the provider, without being asked. */
export interface ProviderAccount {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
  /** As Microsoft has them. */
  tid?: string;
  oid?: string;
  xms_edov?: boolean;
}

/** One thing that a real provider never does; done by a small proxy before it. */
export interface ProviderFault {
  /** Another payload, signed by the provider's own key. */
  idToken?: (claims: JWTPayload) => JWTPayload;
  /** The same payload, signed by nobody, or by a key that the provider does not publish. */
  signature?: "none" | "foreign";
  /** Sends people back with other parameters. */
  callback?: (parameters: URLSearchParams) => void;
}

export interface TestOpenIdProvider {
  /** As a client is configured with it. */
  issuer: string;
  /** As a token of the account has it. */
  tokenIssuer: string;
  account: ProviderAccount;
  /** Whether the person agrees. */
  agrees: boolean;
  fault: ProviderFault;
  /** What the token endpoint was asked, newest last. */
  tokenRequests: URLSearchParams[];
  stop(): Promise<void>;
}

export interface ProviderShape {
  /** The addresses that clients are sent back to. */
  redirectUris: readonly string[];
  /** Shaped as Microsoft Entra: a tenant's path, and a discovery document for all tenants that names none. */
  tenant?: string;
}

export const testClient = { clientId: "finops", clientSecret: "secret of the test's client" };

/** A real OpenID provider on this machine. Codes, PKCE, nonces, keys and tokens are its own. */
export async function startOpenIdProvider({ redirectUris, tenant }: ProviderShape): Promise<TestOpenIdProvider> {
  const outer = await listen();
  const inner = await listen();
  const base = originOf(outer);
  const path = tenant === undefined ? "" : `/${tenant}/v2.0`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  const own = new Provider(`${base}${path}`, {
    clients: [
      {
        client_id: testClient.clientId,
        client_secret: testClient.clientSecret,
        redirect_uris: [...redirectUris],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [{ ...jwk, kid, alg: "RS256", use: "sig" }] },
    cookies: { keys: ["a test's cookies"] },
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: {
      openid: ["sub", "tid", "oid", "xms_edov", "groups"],
      email: ["email", "email_verified"],
      profile: ["name"],
    },
    scopes: ["openid", "email", "profile"],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...provider.account, sub: id }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `${path}/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: testClient.clientId,
        accountId: ctx.oidc.session!.accountId!,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  own.proxy = true;
  const callback = own.callback();
  inner.on("request", (request: IncomingMessage, answer: ServerResponse) => {
    if (/\/interaction\//.test(request.url ?? "")) {
      const result = provider.agrees
        ? { login: { accountId: provider.account.sub } }
        : { error: "access_denied", error_description: "no" };
      void own.interactionFinished(request, answer, result);
      return;
    }
    request.url = request.url!.slice(path.length);
    // The provider works out its own addresses from where it is mounted.
    Object.assign(request, { originalUrl: `${path}${request.url}`, baseUrl: path });
    void callback(request, answer);
  });

  const provider: TestOpenIdProvider = {
    issuer: tenant === undefined ? base : `${base}/organizations/v2.0`,
    tokenIssuer: `${base}${path}`,
    account: { sub: "1" },
    agrees: true,
    fault: {},
    tokenRequests: [],
    stop: async () => {
      for (const server of [outer, inner]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };

  outer.on("request", (request: IncomingMessage, answer: ServerResponse) => {
    void pass(request, answer).catch((error: unknown) => answer.writeHead(500).end(String(error)));
  });

  async function pass(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const isForAll = request.url === "/organizations/v2.0/.well-known/openid-configuration";
    const url = isForAll ? `${path}/.well-known/openid-configuration` : request.url!;
    const body = request.method === "POST" ? await text(request) : null;
    const isToken = request.method === "POST" && url.endsWith("/token");
    if (isToken) provider.tokenRequests.push(new URLSearchParams(body!));
    const got = await fetch(`${originOf(inner)}${url}`, {
      method: request.method!,
      redirect: "manual",
      headers: {
        ...pick(request, ["cookie", "authorization", "content-type", "accept"]),
        "x-forwarded-host": new URL(base).host,
        "x-forwarded-proto": "http",
      },
      ...(body === null ? {} : { body }),
    });
    for (const cookie of got.headers.getSetCookie()) answer.appendHeader("set-cookie", cookie);
    const type = got.headers.get("content-type");
    if (type !== null) answer.setHeader("content-type", type);
    const location = got.headers.get("location");
    if (location !== null) answer.setHeader("location", withFault(location));
    let content = await got.text();
    if (isForAll) content = content.replace(`"issuer":"${base}${path}"`, `"issuer":"${base}/{tenantid}/v2.0"`);
    if (isToken && got.status === 200) content = await tamper(content);
    answer.writeHead(got.status).end(content);
  }

  function withFault(location: string): string {
    const to = new URL(location, base);
    if (!redirectUris.includes(`${to.origin}${to.pathname}`)) return location;
    // Microsoft does not name itself in the answer.
    if (tenant !== undefined) to.searchParams.delete("iss");
    provider.fault.callback?.(to.searchParams);
    return to.href;
  }

  async function tamper(content: string): Promise<string> {
    const { idToken, signature } = provider.fault;
    const tokens = JSON.parse(content) as { id_token: string };
    if (idToken === undefined && signature === undefined) return content;
    const claims = decodeJwt(tokens.id_token);
    const payload = idToken === undefined ? claims : idToken({ ...claims });
    if (signature === "none") return JSON.stringify({ ...tokens, id_token: new UnsecuredJWT(payload).encode() });
    const key = signature === "foreign" ? (await generateKeyPair("RS256")).privateKey : privateKey;
    const signed = await new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid }).sign(key);
    return JSON.stringify({ ...tokens, id_token: signed });
  }

  return provider;
}

async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function pick(request: IncomingMessage, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]])),
  );
}
