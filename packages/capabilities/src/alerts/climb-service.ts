import { findPersonContext } from "@finops/platform/access/person-context";
import type { Tx } from "@finops/platform/db/database";
import type { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { findOnCall } from "../on-call/index.ts";
import { reaches } from "./alert-access.ts";
import { findChain } from "./chain-service.ts";
import { Climb, newClimb, nextStepAt, type Recipient, stepAfter, withRecipient } from "./climb.ts";
import { AlertRuleDefinition, type EscalationTarget } from "./contract.ts";
import { askForTelling, tellOfStep } from "./outbox-service.ts";
import { type AlertRow, keepEvent, lockAlerts, tellAlerts } from "./store.ts";

/** An alert that fires begins at the foot of its rule's chain, should it have one. */
export async function beginClimb(
  tx: Tx,
  { escalationId, quietHours }: Pick<AlertRuleDefinition, "escalationId" | "quietHours">,
  alertId: string,
  now: Date,
): Promise<void> {
  const chain = escalationId === null ? null : await findChain(tx, escalationId);
  if (chain === null) return endClimb(tx, [alertId]);
  const climb = newClimb(quietHours, now);
  const nextAt = nextStepAt(chain.definition, climb, quietHours);
  await tx.alert.updateMany({ where: { id: alertId }, data: { climb: toJsonColumn(climb), nextStepAt: nextAt } });
  if (nextAt !== null && nextAt.getTime() <= now.getTime()) await askForTelling(tx);
}

/** Somebody looks after them, or they are over: nobody else is called. Who was called stays known until they fire again. */
export async function endClimb(tx: Tx, alertIds: readonly string[]): Promise<void> {
  await tx.alert.updateMany({ where: { id: { in: [...alertIds] } }, data: { nextStepAt: null } });
}

/** Who was called since an alert fired, and so hears that it is over. */
export function recipientsOf({ climb }: Pick<AlertRow, "climb">): Recipient[] {
  return climb === null ? [] : Climb.parse(climb).recipients;
}

/**
 * Tells every step whose time has come, one after the other, each in a transaction with what the history says of it: who comes
 * late tells all that is due in its order, and who dies between tells nothing twice.
 */
export async function climbDue(ctx: Context, signal?: AbortSignal): Promise<{ steps: number }> {
  for (let steps = 0; ; steps += 1) {
    signal?.throwIfAborted();
    if (!(await ctx.inTenant((tx) => takeStep(tx, ctx)))) return { steps };
  }
}

type ClimbingAlert = AlertRow & { rule: { name: string; definition: Prisma.JsonValue; deletedAt: Date | null } | null };

/** @returns false when no step is due */
async function takeStep(tx: Tx, ctx: Context): Promise<boolean> {
  await lockAlerts(tx, ctx.tenantId);
  const now = ctx.host.clock.now();
  const alert = await tx.alert.findFirst({
    where: { nextStepAt: { lte: now }, state: { not: "snoozed" } },
    orderBy: [{ nextStepAt: "asc" }, { id: "asc" }],
    include: { rule: { select: { name: true, definition: true, deletedAt: true } } },
  });
  if (alert === null) return false;
  const { nextAt, climb } = await tellStep(tx, ctx, alert, now);
  await tx.alert.updateMany({
    where: { id: alert.id },
    data: { nextStepAt: nextAt, ...(climb === null ? {} : { climb: toJsonColumn(climb) }) },
  });
  await tellAlerts(tx, ctx.tenantId);
  return true;
}

const ended = { nextAt: null, climb: null };

async function tellStep(
  tx: Tx,
  ctx: Context,
  alert: ClimbingAlert,
  now: Date,
): Promise<{ nextAt: Date | null; climb: Climb | null }> {
  const { rule } = alert;
  if (rule === null || rule.deletedAt !== null || alert.state !== "firing" || alert.climb === null) return ended;
  const definition = AlertRuleDefinition.parse(rule.definition);
  const chain = definition.escalationId === null ? null : await findChain(tx, definition.escalationId);
  const before = Climb.parse(alert.climb);
  const next = chain === null ? null : stepAfter(chain.definition, before.told);
  if (chain === null || next === null) return ended;
  const found = await findRecipient(tx, ctx, next.step.to, alert, now);
  const place = `Step ${next.number} of "${chain.name}"${next.round > 0 ? `, round ${next.round + 1}` : ""}`;
  const event = { alertId: alert.id, by: null };
  for (const who of found.passedOver)
    await keepEvent(tx, { ...event, what: "passed-over", message: `${place}: ${who}` }, now);
  if (found.recipient !== null) {
    await keepEvent(tx, { ...event, what: "escalated", message: `${place} tells ${found.name}.` }, now);
    // The key is of this firing, this step and this round, so that it is told once.
    const key = `${alert.id} ${before.since} ${before.told}`;
    const told = { to: found.recipient, key, from: alert.nextStepAt ?? now };
    await tellOfStep(tx, ctx, { name: rule.name, severity: definition.severity }, alert, told);
  }
  const climb = withRecipient(before, found.recipient);
  return { nextAt: nextStepAt(chain.definition, climb, definition.quietHours), climb };
}

interface Found {
  recipient: Recipient | null;
  name: string;
  /** Who or what could not be told, each with the reason. */
  passedOver: string[];
}

async function findRecipient(
  tx: Tx,
  ctx: Context,
  to: EscalationTarget,
  alert: ClimbingAlert,
  now: Date,
): Promise<Found> {
  const nobody = (why: string): Found => ({ recipient: null, name: "", passedOver: [why] });
  if (to.kind === "channel") {
    const channel = await tx.alertChannel.findFirst({ where: { id: to.channelId } });
    if (channel === null || channel.deletedAt !== null) return nobody("its channel was deleted.");
    if (!channel.isOn) return nobody(`the channel ${channel.name} is off.`);
    return { recipient: { channelId: to.channelId }, name: `the channel ${channel.name}`, passedOver: [] };
  }
  if (to.kind === "person") {
    const refusal = await refusalOf(tx, ctx, to.personId, alert);
    const name = await nameOf(tx, to.personId);
    if (refusal !== null) return nobody(`${name} ${refusal}`);
    return { recipient: { personId: to.personId }, name, passedOver: [] };
  }
  const refusals = new Map<string, string>();
  const onCall = await findOnCall(tx, to.scheduleId, now, async (personId) => {
    const refusal = await refusalOf(tx, ctx, personId, alert);
    if (refusal !== null) refusals.set(personId, refusal);
    return refusal === null;
  });
  if (onCall === null) return nobody("its schedule was deleted.");
  const { turn, schedule } = onCall;
  const passedOver = turn.passedOver.map((id) => `${onCall.nameOf(id)} ${refusals.get(id) ?? ""}`);
  if (turn.personId === null) {
    const why = turn.why === "not-begun" ? "has not begun yet" : "has nobody left who could look after it";
    return { recipient: null, name: "", passedOver: [...passedOver, `the schedule ${schedule} ${why}.`] };
  }
  const name = `${onCall.nameOf(turn.personId)}, who is on call by ${schedule}`;
  return { recipient: { personId: turn.personId }, name, passedOver };
}

/** Why a person is not told of an alert; null where they are. */
async function refusalOf(tx: Tx, ctx: Context, personId: string, { filters }: AlertRow): Promise<string | null> {
  const found = await findPersonContext(tx, ctx, personId);
  if (found === null) return "is passed over, for they have left the company.";
  const maySee = reaches(found.person, "alerts:read", filters as unknown as (CostFilter | null)[]);
  return maySee ? null : "is passed over, for they may not see the costs that it is about.";
}

async function nameOf(tx: Tx, personId: string): Promise<string> {
  const member = await tx.membership.findFirst({ where: { userId: personId }, include: { user: true } });
  if (member === null) return "Somebody";
  return member.user.name === "" ? member.user.email : member.user.name;
}
