import { newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { AlertChannel } from "@finops/platform/db/generated/client";
import type { Context } from "@finops/platform/tenancy/context";
import { advance, Life, unborn } from "./life.ts";
import { keepAlert, keepEvent } from "./store.ts";

/** So many failed attempts in a row are an alert of their own. */
export const failuresToTell = 5;

/** A channel that has just become an alert, for its owner. */
export interface BrokenChannel {
  ownerId: string;
  name: string;
  message: string;
}

/**
 * A channel that keeps failing is an alert itself, until something arrives again. The caller holds `lockAlerts`.
 * @param problem why it does not deliver, as a sentence; null where something has arrived
 */
export async function tellOfChannel(
  tx: Tx,
  { id, name, failures, ownerId, ownerName }: AlertChannel,
  problem: string | null,
  now: Date,
): Promise<BrokenChannel | null> {
  const kept = await tx.alert.findFirst({ where: { channelId: id } });
  if (kept === null && failures < failuresToTell) return null;
  const level = problem === null ? "under" : failures < failuresToTell ? "between" : "over";
  const before = kept === null ? unborn : Life.parse(kept.life);
  const at = { now, day: now.toISOString().slice(0, 10) };
  const { life, turn } = advance(before, level, { holdDays: 1, coolDownHours: 0 }, at);
  if (turn === null) return null;
  const message =
    problem === null
      ? `Alerts arrive by the channel ${name} again.`
      : `The channel ${name} of ${ownerName} does not deliver: ${problem}`;
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
  return problem === null ? null : { ownerId, name, message };
}

/** Beside the inbox, and once: should the mail not leave either, the inbox has it. */
export async function writeToOwner(
  { host, inTenant }: Context,
  { ownerId, name, message }: BrokenChannel,
): Promise<void> {
  const owner = await inTenant((tx) =>
    tx.membership.findFirst({ where: { userId: ownerId }, include: { user: { select: { email: true } } } }),
  );
  if (owner === null) return;
  const text = `${message}\n\n${host.baseUrl}/alerts/channels\n`;
  await host.mail
    .send({ to: owner.user.email, subject: `Alerts do not arrive by ${name}`, text })
    .catch((error: unknown) => host.log.warn({ err: error }, "the owner of a broken channel could not be written to"));
}
