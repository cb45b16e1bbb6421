import { newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { enqueue } from "@finops/platform/jobs/work-items";
import type { Context } from "@finops/platform/tenancy/context";
import type { AlertRuleDefinition } from "./contract.ts";
import { type AlertMessage, headline } from "./message.ts";
import { tellFrom } from "./quiet-hours.ts";
import type { AlertRuleRow } from "./store.ts";

export const deliveriesPool = "deliveries";

/** What became of an alert, for people to hear. */
export interface Told {
  id: string;
  what: Exclude<AlertMessage["what"], "test">;
  title: string;
  message: string;
}

/**
 * Puts what became of alerts into the outbox, for each channel of their rule. What turned alike is one message, so that a rule
 * that finds twenty things does not ring twenty times. That somebody looks after it is told to what calls people alone.
 */
export async function tellChannels(
  tx: Tx,
  ctx: Context,
  { name }: Pick<AlertRuleRow, "name">,
  { channelIds, quietHours, severity }: AlertRuleDefinition,
  all: readonly Told[],
): Promise<void> {
  if (all.length === 0 || channelIds.length === 0) return;
  const channels = await tx.alertChannel.findMany({
    where: { id: { in: channelIds }, isOn: true, deletedAt: null },
    select: { id: true, kind: true },
  });
  const company = await companyName(tx, ctx);
  const now = ctx.host.clock.now();
  const from = tellFrom(quietHours, now);
  const url = `${ctx.host.baseUrl}/alerts`;
  for (const what of ["acknowledged", "resolved", "fired", "reopened", "woken"] as const) {
    const alike = all.filter((one) => one.what === what);
    if (alike.length === 0) continue;
    const alerts = alike.map(({ id, title, message }) => ({ id, title, message, url: `${url}/${id}` }));
    const message: AlertMessage = { what, severity, rule: name, company, at: now.toISOString(), url, alerts };
    for (const { id: channelId, kind } of channels)
      if (what !== "acknowledged" || kind === "pagerduty") await putIntoOutbox(tx, { channelId, message, from }, now);
  }
}

/** Puts a message into the outbox, in the transaction of what it tells, and has it sent as soon as it may be. */
export async function putIntoOutbox(
  tx: Tx,
  { channelId, message, from }: { channelId: string; message: AlertMessage; from: Date },
  now: Date,
): Promise<string> {
  const { id } = await tx.alertDelivery.create({
    data: {
      id: newId(now.getTime()),
      channelId,
      title: headline(message),
      message: toJsonColumn(message),
      nextAt: from,
      createdAt: now,
    },
    select: { id: true },
  });
  if (from.getTime() <= now.getTime()) await askForDeliveries(tx);
  return id;
}

/** Wakes those who deliver for the company, once. */
export async function askForDeliveries(tx: Tx): Promise<void> {
  const waiting = await tx.workItem.count({ where: { kind: "deliver-alerts", state: "queued" } });
  if (waiting === 0) await enqueue(tx, { kind: "deliver-alerts", pool: deliveriesPool, payload: {} });
}

export async function companyName(tx: Tx, ctx: Context): Promise<string> {
  const { name } = await tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenantId }, select: { name: true } });
  return name;
}
