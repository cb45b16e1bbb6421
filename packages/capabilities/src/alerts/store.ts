import { isId, newId } from "@finops/kernel/id";
import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Alert as AlertRow, AlertRule as AlertRuleRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Actor } from "@finops/platform/tenancy/context";
import type { AlertHappening, AlertRuleDefinition, Severity } from "./contract.ts";
import type { Life } from "./life.ts";

export type { AlertRow, AlertRuleRow };

/** What changes alerts goes one after the other, so that a look and a person never write over each other. */
export async function lockAlerts(tx: Tx, tenantId: string): Promise<void> {
  await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended('alert lives ' || ${tenantId}, 0))::text`;
}

/** Has the rules looked at again, once however often it is asked for. */
export async function askForAlerts(tx: Tx, tenantId: string): Promise<void> {
  await tx.$queryRaw`select ask_for_alerts(${tenantId}::uuid)::text`;
}

export async function tellAlerts(tx: Tx, tenantId: string): Promise<void> {
  await tx.$queryRaw`select append_live_event(${tenantId}::uuid, 'alerts', 'all', '{}')::text`;
}

export function listRules(tx: Tx, where: { isOn?: boolean } = {}): Promise<AlertRuleRow[]> {
  return tx.alertRule.findMany({ where: { deletedAt: null, ...where }, orderBy: [{ name: "asc" }, { id: "asc" }] });
}

export async function findRule(tx: Tx, id: string): Promise<AlertRuleRow | null> {
  return isId(id) ? tx.alertRule.findFirst({ where: { id, deletedAt: null } }) : null;
}

export interface RuleDraft {
  name: string;
  definition: AlertRuleDefinition;
}

export async function insertRule(tx: Tx, { name, definition }: RuleDraft, by: Actor, now: Date): Promise<string> {
  const { id } = await tx.alertRule.create({
    data: {
      id: newId(now.getTime()),
      name,
      definition: toJsonColumn(definition),
      isOn: definition.isOn,
      changedById: by.id,
      changedByName: by.name,
      createdAt: now,
      changedAt: now,
    },
    select: { id: true },
  });
  return id;
}

/** False where the rule is at another version by now. */
export async function updateRule(
  tx: Tx,
  { id, version }: { id: string; version: number },
  { name, definition }: RuleDraft,
  by: Actor,
  now: Date,
): Promise<boolean> {
  const { count } = await tx.alertRule.updateMany({
    where: { id, version, deletedAt: null },
    data: {
      name,
      definition: toJsonColumn(definition),
      isOn: definition.isOn,
      version: version + 1,
      judgedUntil: null,
      problem: null,
      changedById: by.id,
      changedByName: by.name,
      changedAt: now,
    },
  });
  return count === 1;
}

/** How many alerts of each rule are not over. */
export async function countOpen(tx: Tx): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.alert.groupBy({
    by: ["ruleId"],
    where: { state: { in: ["firing", "acknowledged", "snoozed"] }, ruleId: { not: null } },
    _count: { _all: true },
  });
  return new Map(rows.map(({ ruleId, _count }) => [ruleId!, _count._all]));
}

const withRule = { rule: { select: { name: true, definition: true } } } as const;

export function findAlerts(tx: Tx, ids: readonly string[]) {
  return tx.alert.findMany({ where: { id: { in: ids.filter(isId) }, state: { not: "waiting" } }, include: withRule });
}

/** Alerts from a place on, those that fired last first. */
export function listAlertRows(
  tx: Tx,
  states: readonly string[],
  after: readonly [string, string] | null,
  take: number,
) {
  const firedAt = after === null ? null : new Date(after[0]);
  return tx.alert.findMany({
    where: {
      state: { in: [...states] },
      ...(after === null ? {} : { OR: [{ firedAt: { lt: firedAt! } }, { firedAt: firedAt!, id: { lt: after[1] } }] }),
    },
    orderBy: [{ firedAt: "desc" }, { id: "desc" }],
    take,
    include: withRule,
  });
}

export interface AlertOwner {
  ruleId: string | null;
  channelId: string | null;
}

export interface KeptAlert {
  id: string;
  subject: string;
  severity: Severity;
  title: string;
  message: string;
  filters: readonly unknown[];
  budgetId: string | null;
  cause: { start: Day; end: Day } | null;
  life: Life;
}

/** Keeps an alert as it is now, the same thing of the same owner as the same alert. */
export async function keepAlert(tx: Tx, owner: AlertOwner, alert: KeptAlert, now: Date): Promise<void> {
  const data = {
    severity: alert.severity,
    title: alert.title,
    message: alert.message,
    filters: toJsonColumn(alert.filters),
    budgetId: alert.budgetId,
    ...(alert.cause === null ? {} : { cause: toJsonColumn(alert.cause) }),
    life: toJsonColumn(alert.life),
    state: alert.life.state,
    firedAt: alert.life.firedAt,
    changedAt: now,
  };
  const { count } = await tx.alert.updateMany({ where: { id: alert.id }, data });
  if (count === 0) await tx.alert.create({ data: { id: alert.id, ...owner, subject: alert.subject, ...data } });
}

export async function keepEvent(
  tx: Tx,
  event: { alertId: string; what: AlertHappening; message: string; by: Actor | null },
  now: Date,
): Promise<void> {
  const { alertId, what, message, by } = event;
  await tx.alertEvent.create({
    data: {
      id: newId(now.getTime()),
      alertId,
      what,
      message,
      ...(by === null ? {} : { actorId: by.id, actorName: by.name }),
      at: now,
    },
  });
}

/** Whether a company's rules were not looked at on this day yet. */
export async function areAlertsDue(tx: Tx, day: Day): Promise<boolean> {
  const rule = await tx.alertRule.findFirst({
    where: {
      deletedAt: null,
      isOn: true,
      OR: [{ evaluatedDay: null }, { evaluatedDay: { lt: dayToColumn(day) } }],
    },
    select: { id: true },
  });
  return rule !== null;
}
