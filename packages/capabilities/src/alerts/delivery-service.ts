import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { openTarget } from "./channel-service.ts";
import { deliver } from "./channels/registry.ts";
import { advance, Life, unborn } from "./life.ts";
import { AlertMessage } from "./message.ts";
import { keepAlert, keepEvent, lockAlerts, tellAlerts } from "./store.ts";

/** Who takes a delivery has so long for it; then it comes again, should they have died. */
const takenMs = 120_000;
const attemptsMax = 8;
const firstWaitMs = 30_000;
const longestWaitMs = 3_600_000;
const minuteMs = 60_000;
/** So many failed attempts in a row are an alert of their own. */
const failuresToTell = 5;

/** Everything of an outbox whose time has come, one after the other. */
export async function deliverDue(ctx: Context, signal?: AbortSignal): Promise<{ sent: number; failed: number }> {
  const done = { sent: 0, failed: 0 };
  for (;;) {
    signal?.throwIfAborted();
    const taken = await ctx.inTenant((tx) => takeNext(tx, ctx.host.clock.now()));
    if (taken === null) return done;
    if (taken === "postponed") continue;
    const failure = await attempt(ctx, taken, signal);
    // Who is stopped says nothing of the channel: it comes again when its time is over.
    signal?.throwIfAborted();
    const broken = await ctx.inTenant((tx) => keepOutcome(tx, ctx, taken, failure));
    if (failure === null) done.sent += 1;
    else done.failed += 1;
    if (broken !== null) await writeToOwner(ctx, broken);
  }
}

interface Taken {
  id: string;
  channelId: string;
  attempts: number;
  message: unknown;
}

/** Takes the next delivery that is due; one whose channel has told enough in this minute waits for the next, with all its others. */
async function takeNext(tx: Tx, now: Date): Promise<Taken | "postponed" | null> {
  const [next] = await tx.$queryRaw<Taken[]>`
    select id, channel_id as "channelId", attempts, message from alert_delivery
    where tenant_id = current_tenant() and state = 'queued' and next_at <= ${now}
    order by next_at, id limit 1 for update skip locked`;
  if (next === undefined) return null;
  const { perMinuteMax } = await tx.alertChannel.findFirstOrThrow({ where: { id: next.channelId } });
  const since = new Date(now.getTime() - minuteMs);
  const told = await tx.alertDelivery.count({
    where: { channelId: next.channelId, state: "sent", sentAt: { gt: since } },
  });
  if (told >= perMinuteMax) {
    await tx.alertDelivery.updateMany({
      where: { channelId: next.channelId, state: "queued", nextAt: { lte: now } },
      data: { nextAt: new Date(now.getTime() + minuteMs) },
    });
    return "postponed";
  }
  await tx.alertDelivery.updateMany({
    where: { id: next.id },
    data: { attempts: next.attempts + 1, nextAt: new Date(now.getTime() + takenMs) },
  });
  return { ...next, attempts: next.attempts + 1 };
}

/** Null when it arrived. */
async function attempt(
  ctx: Context,
  { id, channelId, message }: Taken,
  signal?: AbortSignal,
): Promise<AppError | null> {
  const channel = await ctx.inTenant((tx) => tx.alertChannel.findFirst({ where: { id: channelId } }));
  if (channel === null || channel.deletedAt !== null || !channel.isOn)
    return new AppError("precondition", "The channel is off, or was deleted.", { facts: { isFinal: true } });
  const { mail, outside, clock } = ctx.host;
  try {
    const target = await openTarget(ctx, channel);
    await deliver(target, { id, message: AlertMessage.parse(message) }, { mail, outside, now: clock.now(), signal });
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** @returns the owner of a channel that has just become an alert */
async function keepOutcome(
  tx: Tx,
  ctx: Context,
  { id, channelId, attempts }: Taken,
  failure: AppError | null,
): Promise<Broken | null> {
  const now = ctx.host.clock.now();
  await lockAlerts(tx, ctx.tenantId);
  if (failure === null) {
    await tx.alertDelivery.updateMany({ where: { id }, data: { state: "sent", sentAt: now, problem: null } });
  } else {
    const isDead = failure.facts["isFinal"] === true || attempts >= attemptsMax;
    await tx.alertDelivery.updateMany({
      where: { id },
      data: {
        problem: failure.message,
        ...(isDead ? { state: "dead" } : { nextAt: new Date(now.getTime() + waitMs(attempts, failure)) }),
      },
    });
  }
  const channel = await tx.alertChannel.update({
    where: { id: channelId },
    data: { failures: failure === null ? 0 : { increment: 1 } },
  });
  await tellAlerts(tx, ctx.tenantId);
  return channel.deletedAt === null ? tellOfChannel(tx, channel, failure, now) : null;
}

function waitMs(attempts: number, { facts }: AppError): number {
  const asked = facts["retryAfterSeconds"];
  const own = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempts - 1));
  return typeof asked === "number" ? Math.min(longestWaitMs, Math.max(own, asked * 1000)) : own;
}

interface Broken {
  ownerId: string;
  name: string;
  message: string;
}

/** A channel that keeps failing is an alert itself, until something arrives again. */
async function tellOfChannel(
  tx: Tx,
  {
    id,
    name,
    failures,
    ownerId,
    ownerName,
  }: { id: string; name: string; failures: number; ownerId: string; ownerName: string },
  failure: AppError | null,
  now: Date,
): Promise<Broken | null> {
  const kept = await tx.alert.findFirst({ where: { channelId: id } });
  if (kept === null && failures < failuresToTell) return null;
  const level = failure === null ? "under" : failures < failuresToTell ? "between" : "over";
  const before = kept === null ? unborn : Life.parse(kept.life);
  const at = { now, day: now.toISOString().slice(0, 10) };
  const { life, turn } = advance(before, level, { holdDays: 1, coolDownHours: 0 }, at);
  if (turn === null) return null;
  const message =
    failure === null
      ? `Alerts arrive by the channel ${name} again.`
      : `The channel ${name} of ${ownerName} does not deliver: ${failures} attempts in a row failed. ${failure.message}`;
  const alertId = kept?.id ?? newId(now.getTime());
  const owner = { ruleId: null, channelId: id };
  const title = `Channel ${name}`;
  const told = {
    subject: "channel",
    severity: "warning" as const,
    title,
    message,
    filters: [null],
    budgetId: null,
    cause: null,
  };
  await keepAlert(tx, owner, { id: alertId, ...told, life }, now);
  await keepEvent(tx, { alertId, what: turn, message, by: null }, now);
  return failure === null ? null : { ownerId, name, message };
}

/** Beside the inbox, and once: should the mail not leave either, the inbox has it. */
async function writeToOwner({ host, inTenant }: Context, { ownerId, name, message }: Broken): Promise<void> {
  const owner = await inTenant((tx) =>
    tx.membership.findFirst({ where: { userId: ownerId }, include: { user: { select: { email: true } } } }),
  );
  if (owner === null) return;
  const text = `${message}\n\n${host.baseUrl}/alerts/channels\n`;
  await host.mail
    .send({ to: owner.user.email, subject: `Alerts do not arrive by ${name}`, text })
    .catch((error: unknown) => host.log.warn({ err: error }, "the owner of a broken channel could not be written to"));
}
