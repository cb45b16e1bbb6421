import { newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { enqueue } from "@finops/platform/jobs/work-items";
import { keepNotices } from "@finops/platform/notices/keep-notices";
import type { Context } from "@finops/platform/tenancy/context";
import type { Recipient } from "./climb.ts";
import type { AlertRuleDefinition } from "./contract.ts";
import { type AlertMessage, headline } from "./message.ts";
import type { AlertPicture } from "./picture.ts";
import { tellFrom } from "./quiet-hours.ts";
import type { AlertRow, AlertRuleRow } from "./store.ts";

export const deliveriesPool = "deliveries";
export const alertsPool = "alerts";
/** Of a message: more pictures than that nobody looks at. */
const picturedMax = 3;

/** What became of an alert, for people to hear. */
export interface Told {
  id: string;
  what: Exclude<AlertMessage["what"], "test" | "escalated" | "digest">;
  title: string;
  message: string;
  picture?: AlertPicture | null;
  /** Who was called by a chain, and hears that somebody looks after it or that it is over. */
  called?: readonly Recipient[];
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
  now = ctx.host.clock.now(),
): Promise<void> {
  const called = all.flatMap((one) => one.called ?? []);
  if (all.length === 0 || channelIds.length + called.length === 0) return;
  const calledChannels = called.flatMap((one) => ("channelId" in one ? [one.channelId] : []));
  const channels = await tx.alertChannel.findMany({
    where: { id: { in: [...channelIds, ...calledChannels] }, isOn: true, deletedAt: null },
    select: { id: true, kind: true, digestAt: true },
  });
  const people = new Set(called.flatMap((one) => ("personId" in one ? [one.personId] : [])));
  const rule = { name, severity };
  const from = tellFrom(quietHours, now);
  for (const what of ["acknowledged", "resolved", "fired", "reopened", "woken"] as const) {
    const alike = all.filter((one) => one.what === what);
    const tell = async (to: Recipient, about: readonly Told[], isHeld = false) => {
      if (about.length === 0) return;
      await putIntoOutbox(tx, { to, message: await messageOf(tx, ctx, what, rule, about), from, isHeld }, now);
    };
    for (const { id: channelId, kind, digestAt } of channels)
      if (what !== "acknowledged" || kind === "pagerduty") {
        const about = channelIds.includes(channelId) ? alike : alike.filter(wasCalled({ channelId }));
        await tell({ channelId }, about, digestAt !== null);
      }
    if (what === "resolved")
      for (const personId of people) await tell({ personId }, alike.filter(wasCalled({ personId })));
  }
}

function wasCalled(recipient: Recipient): (told: Told) => boolean {
  return ({ called = [] }) => called.some((one) => JSON.stringify(one) === JSON.stringify(recipient));
}

/** Tells somebody that nobody looks after an alert, once for a key. */
export async function tellOfStep(
  tx: Tx,
  ctx: Context,
  rule: { name: string; severity: AlertMessage["severity"] },
  alert: Pick<AlertRow, "id" | "title" | "message">,
  told: Omit<Posted, "message"> & { key: string },
): Promise<void> {
  if ((await tx.alertDelivery.count({ where: { key: told.key } })) > 0) return;
  const message = await messageOf(tx, ctx, "escalated", rule, [alert]);
  await putIntoOutbox(tx, { ...told, message }, ctx.host.clock.now());
}

async function messageOf(
  tx: Tx,
  ctx: Context,
  what: AlertMessage["what"],
  { name, severity }: { name: string; severity: AlertMessage["severity"] },
  about: readonly (Pick<AlertRow, "id" | "title" | "message"> & Pick<Told, "picture">)[],
): Promise<AlertMessage> {
  const url = `${ctx.host.baseUrl}/alerts`;
  const alerts = about.map(({ id, title, message, picture }, index) => {
    const own = index < picturedMax && picture !== null && picture !== undefined ? { picture } : {};
    return { id, title, message, url: `${url}/${id}`, ...own };
  });
  const company = await companyName(tx, ctx);
  return { what, severity, rule: name, company, at: ctx.host.clock.now().toISOString(), url, alerts };
}

export interface Posted {
  to: Recipient;
  message: AlertMessage;
  /** Not before then. */
  from: Date;
  key?: string;
  /** It waits for its channel's digest. */
  isHeld?: boolean;
}

/** Puts a message into the outbox, in the transaction of what it tells, and has it sent as soon as it may be. */
export async function putIntoOutbox(
  tx: Tx,
  { to, message, from, key, isHeld = false }: Posted,
  now: Date,
): Promise<string> {
  const { id } = await tx.alertDelivery.create({
    data: {
      id: newId(now.getTime()),
      ...to,
      ...(key === undefined ? {} : { key }),
      title: `${message.replaces === undefined ? "" : "Changed: "}${headline(message)}`,
      message: toJsonColumn(message),
      nextAt: from,
      ...(isHeld ? { state: "held" } : {}),
      createdAt: now,
    },
    select: { id: true },
  });
  if ("personId" in to) await tellPerson(tx, to.personId, message, now);
  if (!isHeld && from.getTime() <= now.getTime()) await askForDeliveries(tx);
  return id;
}

/** Who is written to has it in their inbox as well: a mail may be late, or be lost. */
async function tellPerson(tx: Tx, personId: string, { what, alerts }: AlertMessage, now: Date): Promise<void> {
  const kind = what === "resolved" ? ("over" as const) : ("called" as const);
  const told = alerts.map(({ id, message }) => ({ about: { alertId: id }, kind, text: message }));
  await keepNotices(
    tx,
    told.map((one) => ({ ...one, personIds: [personId], byName: "" })),
    now,
  );
}

/** Wakes those who deliver for the company, once. */
export function askForDeliveries(tx: Tx): Promise<void> {
  return askOnce(tx, { kind: "deliver-alerts", pool: deliveriesPool });
}

/** Wakes those who tell what is due for the company, once: a step that comes at once waits for no round. */
export function askForTelling(tx: Tx): Promise<void> {
  return askOnce(tx, { kind: "tell-alerts", pool: alertsPool });
}

async function askOnce(tx: Tx, { kind, pool }: { kind: string; pool: string }): Promise<void> {
  const waiting = await tx.workItem.count({ where: { kind, state: "queued" } });
  if (waiting === 0) await enqueue(tx, { kind, pool, payload: {} });
}

export async function companyName(tx: Tx, ctx: Context): Promise<string> {
  const { name } = await tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenantId }, select: { name: true } });
  return name;
}
