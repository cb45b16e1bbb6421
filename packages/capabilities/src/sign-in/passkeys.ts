import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { audit } from "@finops/platform/audit/audit";
import type { Passkey } from "@finops/platform/db/generated/client";
import type { Host } from "@finops/platform/host";
import { type Attempt, startAttempt, takeAttempt } from "@finops/platform/identity/sign-in-attempts";
import { allowsAddress, allowsIssuer, signInPolicySection } from "@finops/platform/identity/sign-in-policy";
import { readSettings } from "@finops/platform/tenancy/company-settings";
import type { Context } from "@finops/platform/tenancy/context";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import * as z from "zod";
import { PasskeyName } from "./contract.ts";
import { personOf } from "./second-factor.ts";
import { tellOfChange } from "./tell-of-change.ts";

/** The page that asks: its origin, and of that the host that a passkey belongs to. */
export interface PasskeyPlace {
  origin: string;
  browserHash: string;
}

const passkeysMax = 10;
/** Brings much along to read certificates with: who starts a server should not wait for it. */
const webauthn = () => import("@simplewebauthn/server");

/** What the browser needs to make a passkey. */
export async function beginPasskey(ctx: Context, place: PasskeyPlace): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { userId, name } = personOf(ctx);
  const known = await ctx.inTenant((tx) => tx.passkey.findMany({ where: { userId } }));
  if (known.length >= passkeysMax)
    throw new AppError("limit", `A person has at most ${passkeysMax} passkeys. Remove one that you do not use.`);
  const challenge = await startChallenge(ctx.host, ctx.tenantId, "passkey-add", place, userId);
  const { generateRegistrationOptions } = await webauthn();
  return generateRegistrationOptions({
    rpName: "FinOps",
    rpID: hostOf(place),
    userName: name,
    userID: new Uint8Array(Buffer.from(userId)),
    challenge,
    attestationType: "none",
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
}

/** Keeps the passkey that the browser made. @throws invalid for an answer that does not fit to what was asked */
export async function addPasskey(ctx: Context, place: PasskeyPlace, input: unknown): Promise<{ id: string }> {
  const { userId } = personOf(ctx);
  const { name } = PasskeyName.parse({ name: Answer.parse(input).name });
  const response = Answer.parse(input).response as unknown as RegistrationResponseJSON;
  const challenge = await takeChallenge(ctx.host, ctx.tenantId, "passkey-add", place, response, userId);
  const { verifyRegistrationResponse } = await webauthn();
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: place.origin,
    expectedRPID: hostOf(place),
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw wrongAnswer(cause);
  });
  if (!verified.verified) throw wrongAnswer(null);
  const { credential } = verified.registrationInfo;
  const id = newId();
  await ctx.inTenant(async (tx) => {
    await tx.passkey.create({
      data: {
        id,
        tenantId: ctx.tenantId,
        userId,
        name,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString("base64url"),
        signCount: BigInt(credential.counter),
        transports: credential.transports ?? [],
        relyingParty: hostOf(place),
        createdAt: ctx.host.clock.now(),
      },
    });
    await audit(tx, ctx, "second-factor.added", { after: { person: userId, kind: "passkey", id, name } });
  });
  await tellOfChange(ctx, userId, "A passkey was added");
  return { id };
}

export async function removePasskey(ctx: Context, id: string): Promise<void> {
  const { userId } = personOf(ctx);
  await ctx.inTenant(async (tx) => {
    const own = await tx.passkey.findMany({ where: { userId } });
    const passkey = own.find((one) => one.id === id);
    if (passkey === undefined) throw new AppError("not_found", "You have no such passkey.");
    await tx.passkey.deleteMany({ where: { userId, id } });
    const before = { person: userId, kind: "passkey", id, name: passkey.name };
    await audit(tx, ctx, "second-factor.removed", { before });
  });
  await tellOfChange(ctx, userId, "A passkey was removed");
}

/** What the browser needs to show a passkey: anybody's of the company, or those of one person. */
export async function askForPasskey(
  host: Host,
  tenantId: string,
  place: PasskeyPlace,
  userId: string | null,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const challenge = await startChallenge(host, tenantId, "passkey-show", place, userId);
  const own =
    userId === null ? [] : await host.db.inTenant(tenantId, (tx) => tx.passkey.findMany({ where: { userId } }));
  const { generateAuthenticationOptions } = await webauthn();
  return generateAuthenticationOptions({
    rpID: hostOf(place),
    challenge,
    allowCredentials: own.map(({ credentialId }) => ({ id: credentialId })),
    userVerification: "required",
  });
}

/**
 * Whose passkey was shown, checked by its signature; null for one that nobody of the company has. The device has checked the
 * person (by a finger or a PIN), so it stands for two factors. @throws invalid for an answer that does not fit to what was asked
 */
export async function takePasskey(
  host: Host,
  tenantId: string,
  place: PasskeyPlace,
  input: unknown,
  userId: string | null,
): Promise<Passkey | null> {
  const response = Answer.parse(input).response as unknown as AuthenticationResponseJSON;
  const challenge = await takeChallenge(host, tenantId, "passkey-show", place, response, userId);
  const passkey = await host.db.inTenant(tenantId, (tx) =>
    tx.passkey.findFirst({
      where: {
        credentialId: response.id,
        relyingParty: hostOf(place),
        member: { user: { disabledAt: null } },
        ...(userId === null ? {} : { userId }),
      },
    }),
  );
  if (passkey === null) return null;
  const { verifyAuthenticationResponse } = await webauthn();
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: place.origin,
    expectedRPID: hostOf(place),
    requireUserVerification: true,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, "base64url")),
      counter: Number(passkey.signCount),
    },
  }).catch((cause: unknown) => {
    throw wrongAnswer(cause);
  });
  if (!verified.verified) return null;
  await host.db.inTenant(tenantId, (tx) =>
    tx.passkey.updateMany({
      where: { id: passkey.id },
      data: { signCount: BigInt(verified.authenticationInfo.newCounter), lastUsedAt: host.clock.now() },
    }),
  );
  return passkey;
}

/** The same as a way in: null too where the company's rules let nobody in by a passkey, or not this person. */
export async function admitByPasskey(
  host: Host,
  tenantId: string,
  place: PasskeyPlace,
  input: unknown,
): Promise<Passkey | null> {
  const passkey = await takePasskey(host, tenantId, place, input, null);
  if (passkey === null) return null;
  return host.db.inTenant(tenantId, async (tx) => {
    const policy = await readSettings(tx, tenantId, signInPolicySection);
    const { email } = await tx.user.findUniqueOrThrow({ where: { id: passkey.userId } });
    return allowsIssuer(policy, null) && allowsAddress(policy, email) ? passkey : null;
  });
}

/** What a browser answers; the parts that matter are checked by the library. */
const Answer = z.object({
  name: z.string().optional(),
  response: z.looseObject({
    id: z.string().max(2000),
    rawId: z.string().max(2000),
    type: z.literal("public-key"),
    response: z.looseObject({ clientDataJSON: z.string().max(10_000) }),
  }),
});

type Purpose = "passkey-add" | "passkey-show";

async function startChallenge(
  host: Host,
  tenantId: string,
  provider: Purpose,
  { origin, browserHash }: PasskeyPlace,
  userId: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const attempt = { tenantId, provider, origin, browserHash, userId, returnPath: "/", isRemembered: false };
  const { state } = await startAttempt(host.db, host.clock, attempt);
  return new Uint8Array(Buffer.from(state, "base64url"));
}

/** The challenge of an answer, when it is one that this browser was given for this purpose, and for the first time. */
async function takeChallenge(
  host: Host,
  tenantId: string,
  purpose: Purpose,
  { origin, browserHash }: PasskeyPlace,
  answer: { response: { clientDataJSON: string } },
  userId: string | null,
): Promise<string> {
  const challenge = readChallenge(answer.response.clientDataJSON);
  const attempt = challenge === null ? null : await takeAttempt(host.db, host.clock, challenge);
  const expected: Partial<Attempt> = { tenantId, provider: purpose, origin, browserHash, userId };
  const fits =
    attempt !== null && Object.entries(expected).every(([key, value]) => attempt[key as keyof Attempt] === value);
  if (challenge === null || !fits) throw wrongAnswer(null);
  return challenge;
}

function readChallenge(clientDataJSON: string): string | null {
  try {
    const data = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString()) as unknown;
    return z.object({ challenge: z.string().max(200) }).parse(data).challenge;
  } catch {
    return null;
  }
}

function hostOf({ origin }: PasskeyPlace): string {
  return new URL(origin).hostname;
}

function wrongAnswer(cause: unknown): AppError {
  return new AppError("invalid", "The passkey's answer does not fit to what was asked. Try once more.", {
    cause,
    internal: String(cause),
  });
}
