import { AppError } from "@finops/kernel/app-error";
import { findPersonContext } from "@finops/platform/access/person-context";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { type BrokenChannel, failuresToTell, tellOfChannel, writeToOwner } from "./channel-alert-service.ts";
import { openTarget } from "./channel-service.ts";
import type { DrawPng, KeptTarget } from "./channels/channel-provider.ts";
import { deliver } from "./channels/registry.ts";
import { AlertMessage } from "./message.ts";
import { lockAlerts, tellAlerts } from "./store.ts";

/** Who takes a delivery has so long for it; then it comes again, should they have died. */
export const takenMs = 120_000;
export const attemptsMax = 8;
const firstWaitMs = 30_000;
const longestWaitMs = 3_600_000;
const minuteMs = 60_000;

export interface DeliverOptions {
  signal?: AbortSignal | undefined;
  /** Left out, mails have no pictures. */
  png?: DrawPng | undefined;
}

/** Everything of an outbox whose time has come, one after the other. */
export async function deliverDue(
  ctx: Context,
  { signal, png }: DeliverOptions = {},
): Promise<{ sent: number; failed: number }> {
  const done = { sent: 0, failed: 0 };
  for (;;) {
    signal?.throwIfAborted();
    const taken = await ctx.inTenant((tx) => takeNext(tx, ctx.host.clock.now()));
    if (taken === null) return done;
    if (taken === "postponed") continue;
    const outcome = await attempt(ctx, taken, { signal, png });
    // Who is stopped says nothing of the channel: it comes again when its time is over.
    signal?.throwIfAborted();
    const broken = await ctx.inTenant((tx) => keepOutcome(tx, ctx, taken, outcome));
    if (outcome.failure === null) done.sent += 1;
    else done.failed += 1;
    if (broken !== null) await writeToOwner(ctx, broken);
  }
}

interface Taken {
  id: string;
  /** One of the two. */
  channelId: string | null;
  personId: string | null;
  attempts: number;
  message: unknown;
}

/** Takes the next delivery that is due; one whose channel has told enough in this minute waits for the next, with all its others. */
async function takeNext(tx: Tx, now: Date): Promise<Taken | "postponed" | null> {
  const [next] = await tx.$queryRaw<Taken[]>`
    select id, channel_id as "channelId", person_id as "personId", attempts, message from alert_delivery
    where tenant_id = current_tenant() and state = 'queued' and next_at <= ${now}
    order by next_at, id limit 1 for update skip locked`;
  if (next === undefined) return null;
  if (next.channelId !== null && (await hasToldEnough(tx, next.channelId, now))) {
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

async function hasToldEnough(tx: Tx, channelId: string, now: Date): Promise<boolean> {
  const { perMinuteMax } = await tx.alertChannel.findFirstOrThrow({ where: { id: channelId } });
  const since = new Date(now.getTime() - minuteMs);
  return (await tx.alertDelivery.count({ where: { channelId, state: "sent", sentAt: { gt: since } } })) >= perMinuteMax;
}

interface Outcome {
  /** Null when it arrived. */
  failure: AppError | null;
  /** What it is known by where it came to; null where nobody changes it there. */
  receipt: object | null;
}

async function attempt(ctx: Context, taken: Taken, { signal, png }: DeliverOptions): Promise<Outcome> {
  const { id, message } = taken;
  const { mail, outside, clock, slack } = ctx.host;
  let receipt: object | null = null;
  const keepReceipt = (one: object) => (receipt = one);
  try {
    const target = await targetOf(ctx, taken);
    const parcel = { id, message: AlertMessage.parse(message) };
    await deliver(target, parcel, { mail, outside, now: clock.now(), slack, png, keepReceipt, signal });
    return { failure: null, receipt };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AppError) return { failure: error, receipt };
    ctx.host.log.error({ err: error, delivery: id }, "a delivery could neither be made nor refused");
    // What is no message now is none later: it goes to what was given up, and holds nothing else back.
    const isFinal = error instanceof z.ZodError;
    const failure = new AppError("internal", "The message could not be made or sent.", {
      cause: error,
      facts: { isFinal },
    });
    return { failure, receipt };
  }
}

/** @throws precondition for what nobody is told by any more */
async function targetOf(ctx: Context, { channelId, personId }: Taken): Promise<KeptTarget> {
  const isFinal = { facts: { isFinal: true } };
  if (personId !== null) {
    const found = await ctx.inTenant((tx) => findPersonContext(tx, ctx, personId));
    if (found === null) throw new AppError("precondition", "They have left the company.", isFinal);
    return { kind: "email", to: [found.email] };
  }
  const channel = await ctx.inTenant((tx) => tx.alertChannel.findFirst({ where: { id: channelId! } }));
  if (channel === null || channel.deletedAt !== null || !channel.isOn)
    throw new AppError("precondition", "The channel is off, or was deleted.", {
      facts: { isFinal: true, isOff: true },
    });
  return openTarget(ctx, channel);
}

/** @returns the owner of a channel that has just become an alert */
async function keepOutcome(
  tx: Tx,
  ctx: Context,
  { id, channelId, attempts }: Taken,
  { failure, receipt }: Outcome,
): Promise<BrokenChannel | null> {
  const now = ctx.host.clock.now();
  await lockAlerts(tx, ctx.tenantId);
  if (failure === null) {
    await tx.alertDelivery.updateMany({
      where: { id },
      data: {
        state: "sent",
        sentAt: now,
        problem: null,
        ...(receipt === null ? {} : { receipt: toJsonColumn(receipt) }),
      },
    });
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
  await tellAlerts(tx, ctx.tenantId);
  // What waited for a channel that is off says nothing of where it leads.
  if (channelId === null || failure?.facts["isOff"] === true) return null;
  const channel = await tx.alertChannel.update({
    where: { id: channelId },
    data: {
      // What says itself that it is broken needs no more attempts to be believed.
      failures: failure === null ? 0 : { increment: failure.facts["isBroken"] === true ? failuresToTell : 1 },
      problem: failure?.message ?? null,
    },
  });
  if (channel.deletedAt !== null) return null;
  const problem = failure === null ? null : `${channel.failures} attempts in a row failed. ${failure.message}`;
  return tellOfChannel(tx, channel, problem, now);
}

/** How long the next attempt is waited for, longer each time, and as long as the receiver asks. */
export function waitMs(attempts: number, { facts }: AppError): number {
  const asked = facts["retryAfterSeconds"];
  const own = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempts - 1));
  return typeof asked === "number" ? Math.min(longestWaitMs, Math.max(own, asked * 1000)) : own;
}
