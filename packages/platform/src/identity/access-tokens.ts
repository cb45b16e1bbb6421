import { newId } from "@finops/kernel/id";
import {
  decodeProtectedHeader,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  type JWK,
  jwtVerify,
  SignJWT,
} from "jose";
import type { Host } from "../host.ts";

/** For whom a token was given: a client that signed in with a key. */
export interface TokenSubject {
  tenantId: string;
  keyId: string;
  /** The client's chain of refresh tokens; a token is over with it. */
  familyId: string;
}

/** Signs and checks the tokens of API clients. */
export interface AccessTokens {
  issue(subject: TokenSubject): Promise<string>;
  /** Null for what was not signed by a key of this installation, for this API, or has run out. */
  verify(token: string): Promise<TokenSubject | null>;
  /** The keys that others check a token by (RFC 7517). */
  publicKeys(): Promise<{ keys: JWK[] }>;
}

export const accessTokenMinutes = 15;
const signsDays = 30;
const algorithm = "RS256";
const dayMs = 86_400_000;
/** An unknown key id is looked up at most this often, so that invented ones cost nothing. */
const lookUpEveryMs = 5000;

interface SigningKeyRow {
  id: string;
  publicJwk: JWK;
  privateSealed: string;
  signsUntil: Date;
  validUntil: Date;
}

type ImportedKey = Awaited<ReturnType<typeof importPKCS8>>;

/**
 * Tokens as RFC 9068 has them: JWT, RS256, 15 minutes. The keys are in the database, the private part sealed by the vault. A key
 * signs for 30 days and is published until the last token that it signed has run out.
 */
export function createAccessTokens(host: Pick<Host, "db" | "clock" | "vault" | "baseUrl">): AccessTokens {
  const { db, clock, vault } = host;
  const audience = `${host.baseUrl}/api`;
  const opened = new Map<string, ImportedKey>();
  let known: readonly SigningKeyRow[] = [];
  let lookedUpAtMs = Number.NEGATIVE_INFINITY;

  async function lookUp(): Promise<void> {
    lookedUpAtMs = performance.now();
    known = await db.inDirectory(
      (tx) => tx.$queryRaw<SigningKeyRow[]>`
        select id, public_jwk as "publicJwk", private_sealed as "privateSealed", signs_until as "signsUntil",
               valid_until as "validUntil"
        from list_signing_keys(${clock.now()}::timestamptz)`,
    );
  }

  function findSigner(): SigningKeyRow | undefined {
    const now = clock.now();
    return known.find((key) => key.signsUntil > now);
  }

  async function signer(): Promise<SigningKeyRow> {
    if (findSigner() === undefined) await lookUp();
    if (findSigner() === undefined) {
      await makeKey();
      await lookUp();
    }
    return findSigner()!;
  }

  async function makeKey(): Promise<void> {
    const id = newId();
    // 128 bits of strength (NIST SP 800-57); 2048 would be 112.
    const pair = await generateKeyPair(algorithm, { modulusLength: 3072, extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: id, alg: algorithm, use: "sig" };
    const sealed = await vault.seal(await exportPKCS8(pair.privateKey), bindingOf(id));
    const now = clock.now();
    const signsUntil = new Date(now.getTime() + signsDays * dayMs);
    const validUntil = new Date(signsUntil.getTime() + 2 * accessTokenMinutes * 60_000);
    await db.inDirectory(
      (tx) => tx.$queryRaw`
        select keep_signing_key(${id}::uuid, ${JSON.stringify(jwk)}::jsonb, ${sealed}, ${now}::timestamptz,
                                ${signsUntil}::timestamptz, ${validUntil}::timestamptz)::text`,
    );
  }

  async function openPrivate({ id, privateSealed }: SigningKeyRow): Promise<ImportedKey> {
    const cached = opened.get(id);
    if (cached !== undefined) return cached;
    const key = await importPKCS8(await vault.open(privateSealed, bindingOf(id)), algorithm);
    opened.set(id, key);
    return key;
  }

  async function findKey(id: string): Promise<SigningKeyRow | undefined> {
    const find = () => known.find((key) => key.id === id && key.validUntil > clock.now());
    if (find() === undefined && performance.now() - lookedUpAtMs > lookUpEveryMs) await lookUp();
    return find();
  }

  return {
    async issue({ tenantId, keyId, familyId }) {
      const key = await signer();
      const seconds = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({ tenant: tenantId, family: familyId })
        .setProtectedHeader({ alg: algorithm, kid: key.id, typ: "at+jwt" })
        .setIssuer(host.baseUrl)
        .setAudience(audience)
        .setSubject(keyId)
        .setJti(newId())
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + accessTokenMinutes * 60)
        .sign(await openPrivate(key));
    },
    async verify(token) {
      try {
        const { kid } = decodeProtectedHeader(token);
        const key = kid === undefined ? undefined : await findKey(kid);
        if (key === undefined) return null;
        const { payload } = await jwtVerify(token, await importJWK(key.publicJwk, algorithm), {
          algorithms: [algorithm],
          typ: "at+jwt",
          issuer: host.baseUrl,
          audience,
          currentDate: clock.now(),
          requiredClaims: ["exp", "iat", "sub", "jti"],
        });
        const { sub, tenant, family } = payload;
        return typeof tenant === "string" && typeof family === "string"
          ? { tenantId: tenant, keyId: sub!, familyId: family }
          : null;
      } catch (error) {
        if (isRefusal(error)) return null;
        throw error;
      }
    },
    async publicKeys() {
      await signer();
      return { keys: known.map((key) => key.publicJwk) };
    },
  };
}

function bindingOf(id: string): string {
  return `signing-key ${id}`;
}

/** What jose says of a token, unlike a database that does not answer; a header that is no JSON is a TypeError. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_J"))
  );
}
