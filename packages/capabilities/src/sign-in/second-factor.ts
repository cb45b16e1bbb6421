import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { SecondFactor } from "@finops/platform/db/generated/client";
import type { SignedIn } from "@finops/platform/identity/sessions";
import { signInPolicySection } from "@finops/platform/identity/sign-in-policy";
import { hashToken } from "@finops/platform/identity/tokens";
import { parseSection } from "@finops/platform/tenancy/company-settings";
import type { Context } from "@finops/platform/tenancy/context";
import { Secret, TOTP } from "otpauth";
import { tellOfChange } from "./tell-of-change.ts";
import { CodeInput, type SecondFactorNeed, type SecondFactorState } from "./contract.ts";

const stepSeconds = 30;
const secretBytes = 20;
const failuresMax = 5;
const lockedMinutes = 15;
const recoveryCodeCount = 10;

/** Whether a session must show a second factor before it may do anything else. */
export function secondFactorNeed(
  who: Pick<SignedIn, "secondFactorAt" | "hasSecondFactor" | "companySettings">,
): SecondFactorNeed {
  if (who.secondFactorAt !== null) return "shown";
  if (who.hasSecondFactor) return "show";
  return parseSection(who.companySettings, signInPolicySection).secondFactor === "required" ? "enroll" : "not-needed";
}

/** What a person has as a second factor, and whether this session needs it. */
export async function getSecondFactor(
  ctx: Context,
  session: Pick<SecondFactorState, "need" | "mustProve">,
): Promise<SecondFactorState> {
  const { userId } = personOf(ctx);
  return ctx.inTenant(async (tx) => {
    const factor = await tx.secondFactor.findFirst({ where: { userId, confirmedAt: { not: null } } });
    const passkeys = await tx.passkey.findMany({ where: { userId }, orderBy: { createdAt: "asc" } });
    return {
      ...session,
      hasCodes: factor !== null,
      recoveryCodesLeft: await tx.recoveryCode.count({ where: { userId, usedAt: null } }),
      passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
        id,
        name,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
      })),
    };
  });
}

/** Makes a secret for an app that shows codes; it counts once a first code is shown. @throws conflict when there is one that counts */
export async function beginCodes(ctx: Context): Promise<{ secret: string; uri: string }> {
  const { userId, name } = personOf(ctx);
  const secret = new Secret({ size: secretBytes });
  const secretSealed = await vaultOf(ctx).seal(secret.base32, bindingOf(userId));
  await ctx.inTenant(async (tx) => {
    const known = await tx.secondFactor.findFirst({ where: { userId, confirmedAt: { not: null } } });
    if (known !== null)
      throw new AppError(
        "conflict",
        "You have an app that shows codes already. Remove it before you take another one.",
      );
    await tx.secondFactor.deleteMany({ where: { userId } });
    await tx.secondFactor.create({
      data: { tenantId: ctx.tenantId, userId, secretSealed, createdAt: ctx.host.clock.now() },
    });
  });
  return { secret: secret.base32, uri: generatorOf(secret.base32, name).toString() };
}

/** Makes the app count from now on; returns recovery codes, which cannot be had again. */
export async function confirmCodes(ctx: Context, input: unknown): Promise<{ recoveryCodes: string[] }> {
  const { userId } = personOf(ctx);
  const { code } = CodeInput.parse(input);
  const factor = await ctx.inTenant((tx) => tx.secondFactor.findFirst({ where: { userId, confirmedAt: null } }));
  if (factor === null) throw new AppError("precondition", "Begin anew: there is no app that waits for its first code.");
  const step = await findStep(ctx, factor, code);
  if (step === null) {
    await countFailure(ctx, userId);
    throw wrongCode();
  }
  const recoveryCodes = await ctx.inTenant(async (tx) => {
    const taken = await tx.secondFactor.updateMany({
      where: { userId, confirmedAt: null, secretSealed: factor.secretSealed },
      data: { confirmedAt: ctx.host.clock.now(), lastStep: BigInt(step), failures: 0, lockedUntil: null },
    });
    if (taken.count === 0) throw wrongCode();
    await audit(tx, ctx, "second-factor.added", { after: { person: userId, kind: "codes" } });
    return replaceRecoveryCodes(tx, ctx, userId);
  });
  await tellOfChange(ctx, userId, "An app that shows codes was added");
  return { recoveryCodes };
}

/** Takes a code of the app, or a recovery code; each once. @throws forbidden for a wrong one, limit after five */
export async function showCode(ctx: Context, input: unknown): Promise<void> {
  const { userId } = personOf(ctx);
  const { code } = CodeInput.parse(input);
  const factor = await ctx.inTenant((tx) =>
    tx.secondFactor.findFirst({ where: { userId, confirmedAt: { not: null } } }),
  );
  if (factor !== null) requireUnlocked(ctx, factor);
  const kind = /^\d{6}$/.test(code.replaceAll(" ", "")) ? "codes" : "recovery";
  const isTaken =
    kind === "codes"
      ? factor !== null && (await takeStep(ctx, factor, code))
      : await takeRecoveryCode(ctx, userId, code);
  if (!isTaken) {
    await countFailure(ctx, userId);
    throw wrongCode();
  }
  await ctx.inTenant(async (tx) => {
    await tx.secondFactor.updateMany({ where: { userId }, data: { failures: 0, lockedUntil: null } });
    await audit(tx, ctx, "second-factor.shown", { after: { session: ctx.sessionId, kind } });
  });
}

/** Takes the app and the recovery codes away. */
export async function removeCodes(ctx: Context): Promise<void> {
  const { userId } = personOf(ctx);
  await ctx.inTenant(async (tx) => {
    const gone = await tx.secondFactor.deleteMany({ where: { userId } });
    if (gone.count === 0) throw new AppError("not_found", "You have no app that shows codes.");
    await tx.recoveryCode.deleteMany({ where: { userId } });
    await audit(tx, ctx, "second-factor.removed", { before: { person: userId, kind: "codes" } });
  });
  await tellOfChange(ctx, userId, "The app that shows codes was removed");
}

/** New recovery codes in place of those that are left. */
export async function renewRecoveryCodes(ctx: Context): Promise<{ recoveryCodes: string[] }> {
  const { userId } = personOf(ctx);
  const recoveryCodes = await ctx.inTenant(async (tx) => {
    if ((await tx.secondFactor.count({ where: { userId, confirmedAt: { not: null } } })) === 0)
      throw new AppError("precondition", "Recovery codes go with an app that shows codes. Add one first.");
    await audit(tx, ctx, "second-factor.recovery-codes-renewed", { after: { person: userId } });
    return replaceRecoveryCodes(tx, ctx, userId);
  });
  await tellOfChange(ctx, userId, "Recovery codes were made anew");
  return { recoveryCodes };
}

/** For a member who lost everything: they sign in without a second factor once, and add a new one. */
export async function resetSecondFactor(ctx: Context, userId: string): Promise<void> {
  requirePermission(ctx, "members:write");
  await ctx.inTenant(async (tx) => {
    const member = isId(userId)
      ? await tx.membership.findFirst({ where: { userId }, include: { role: true, user: true } })
      : null;
    if (member === null) throw new AppError("not_found", "Nobody with this id belongs to the company.");
    if (member.role.key === "owner") requirePermission(ctx, "owners:write");
    if (userId === ctx.actor.id)
      throw new AppError("forbidden", "Nobody resets their own second factor. Ask somebody else who may do it.");
    await tx.secondFactor.deleteMany({ where: { userId } });
    await tx.recoveryCode.deleteMany({ where: { userId } });
    await tx.passkey.deleteMany({ where: { userId } });
    await tx.session.updateMany({ where: { userId, endedAt: null }, data: { endedAt: ctx.host.clock.now() } });
    await audit(tx, ctx, "second-factor.reset", { before: { person: userId, email: member.user.email } });
  });
  await tellOfChange(ctx, userId, "Your second factor was taken away");
}

/** The same by an address, for the operator: such as when the only owner of a company lost theirs. */
export async function resetSecondFactorOf(ctx: Context, email: string): Promise<void> {
  const address = email.trim().toLowerCase();
  const member = await ctx.inTenant((tx) => tx.membership.findFirst({ where: { user: { email: address } } }));
  if (member === null) throw new AppError("not_found", `Nobody with the address ${address} belongs to the company.`);
  await resetSecondFactor(ctx, member.userId);
}

/** Everything here is one's own: a key or a job has no second factor. */
export function personOf(ctx: Context): { userId: string; name: string } {
  if (ctx.actor.kind !== "person") throw new AppError("forbidden", "Only a person has a second factor.");
  return { userId: ctx.actor.id, name: ctx.actor.name };
}

/** The time step of a right code that lies at most one step away; null for a wrong code. */
async function findStep(ctx: Context, factor: SecondFactor, code: string): Promise<number | null> {
  requireUnlocked(ctx, factor);
  const secret = await vaultOf(ctx).open(factor.secretSealed, bindingOf(factor.userId));
  const timestamp = ctx.host.clock.now().getTime();
  const delta = generatorOf(secret, "").validate({ token: code.replaceAll(" ", ""), timestamp, window: 1 });
  return delta === null ? null : Math.floor(timestamp / 1000 / stepSeconds) + delta;
}

async function takeStep(ctx: Context, factor: SecondFactor, code: string): Promise<boolean> {
  const step = await findStep(ctx, factor, code);
  if (step === null) return false;
  const taken = await ctx.inTenant((tx) =>
    tx.secondFactor.updateMany({
      where: { userId: factor.userId, lastStep: { lt: BigInt(step) } },
      data: { lastStep: BigInt(step) },
    }),
  );
  return taken.count === 1;
}

async function takeRecoveryCode(ctx: Context, userId: string, code: string): Promise<boolean> {
  const codeHash = await hashToken(plain(code));
  const taken = await ctx.inTenant((tx) =>
    tx.recoveryCode.updateMany({
      where: { userId, codeHash, usedAt: null },
      data: { usedAt: ctx.host.clock.now() },
    }),
  );
  return taken.count === 1;
}

/** In a transaction of its own: what is thrown next takes nothing back. */
async function countFailure(ctx: Context, userId: string): Promise<void> {
  const lockedUntil = new Date(ctx.host.clock.now().getTime() + lockedMinutes * 60_000);
  await ctx.inTenant(
    (tx) => tx.$executeRaw`
      update second_factor set
        failures = case when failures + 1 >= ${failuresMax} then 0 else failures + 1 end,
        locked_until = case when failures + 1 >= ${failuresMax} then ${lockedUntil}::timestamptz else locked_until end
      where tenant_id = ${ctx.tenantId}::uuid and user_id = ${userId}::uuid`,
  );
}

function requireUnlocked(ctx: Context, { lockedUntil }: SecondFactor): void {
  const now = ctx.host.clock.now().getTime();
  if (lockedUntil === null || lockedUntil.getTime() <= now) return;
  throw new AppError(
    "limit",
    `There were ${failuresMax} wrong codes. Wait ${lockedMinutes} minutes before the next one.`,
    { facts: { retryAfterSeconds: Math.ceil((lockedUntil.getTime() - now) / 1000) } },
  );
}

/** 128 random bits each, so a plain hash keeps them (NIST SP 800-63B wants 112). */
async function replaceRecoveryCodes(tx: Tx, ctx: Context, userId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, () => new Secret({ size: 16 }).base32.toLowerCase());
  const rows = await Promise.all(
    codes.map(async (code) => ({ tenantId: ctx.tenantId, userId, codeHash: await hashToken(code) })),
  );
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({ data: rows });
  return codes.map((code) => code.match(/.{1,4}/g)!.join("-"));
}

function plain(code: string): string {
  return code.toLowerCase().replaceAll(/[\s-]/g, "");
}

function generatorOf(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: "FinOps",
    label,
    secret: Secret.fromBase32(secret),
    algorithm: "SHA1",
    digits: 6,
    period: stepSeconds,
  });
}

function vaultOf(ctx: Context) {
  return ctx.host.vault.ofCompany(ctx.tenantId);
}

function bindingOf(userId: string): string {
  return `second-factor ${userId}`;
}

function wrongCode(): AppError {
  return new AppError("forbidden", "That code is not right, or was used before. Wait for the next one.");
}
