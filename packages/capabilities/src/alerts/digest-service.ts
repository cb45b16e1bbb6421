import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { Digest } from "./contract.ts";
import { digestOf, nextDigestAt } from "./digest.ts";
import { AlertMessage } from "./message.ts";
import { companyName, putIntoOutbox } from "./outbox-service.ts";
import { lockAlerts, tellAlerts } from "./store.ts";

/** More than a digest lists and anybody reads. */
const heldMax = 5000;

/** Puts every digest whose time has come into the outbox, each once: who comes late tells all that happened until then. */
export async function digestDue(ctx: Context, signal?: AbortSignal): Promise<{ digests: number }> {
  for (let digests = 0; ; digests += 1) {
    signal?.throwIfAborted();
    if (!(await ctx.inTenant((tx) => takeDigest(tx, ctx)))) return { digests };
  }
}

/** @returns false when no digest is due */
async function takeDigest(tx: Tx, ctx: Context): Promise<boolean> {
  await lockAlerts(tx, ctx.tenantId);
  const now = ctx.host.clock.now();
  const channel = await tx.alertChannel.findFirst({
    where: { digestAt: { lte: now }, isOn: true, deletedAt: null },
    orderBy: [{ digestAt: "asc" }, { id: "asc" }],
  });
  if (channel === null) return false;
  const { id: channelId, name, digestAt } = channel;
  const digest = Digest.parse(channel.digest);
  await tx.alertChannel.updateMany({ where: { id: channelId }, data: { digestAt: nextDigestAt(digest, now) } });
  // What is within quiet hours still waits for the next one.
  const held = await tx.alertDelivery.findMany({
    where: { channelId, state: "held", nextAt: { lte: now } },
    orderBy: { id: "asc" },
    take: heldMax,
    select: { id: true, message: true },
  });
  if (held.length === 0 && !digest.alsoQuiet) return true;
  const about = {
    company: await companyName(tx, ctx),
    at: now.toISOString(),
    url: `${ctx.host.baseUrl}/alerts`,
    rule: name,
  };
  const message = digestOf(
    held.map((one) => AlertMessage.parse(one.message)),
    about,
  );
  const key = `digest ${channelId} ${digestAt!.toISOString()}`;
  await putIntoOutbox(tx, { to: { channelId }, message, from: now, key }, now);
  await tx.alertDelivery.updateMany({
    where: { id: { in: held.map(({ id }) => id) } },
    data: { state: "digested", sentAt: now },
  });
  await tellAlerts(tx, ctx.tenantId);
  return true;
}
