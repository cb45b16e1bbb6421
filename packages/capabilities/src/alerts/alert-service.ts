import { AppError } from "@finops/kernel/app-error";
import { type Decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import { addDays, daysIn, type Period } from "@finops/kernel/period";
import { pinPublished } from "@finops/pipeline/publish/pin-published";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import * as z from "zod";
import { askOf } from "../budgets/index.ts";
import { reaches } from "./alert-access.ts";
import { recipientsOf } from "./climb-service.ts";
import {
  type Alert,
  type AlertCauseAnswer,
  type AlertDetail,
  AlertHappening,
  type AlertPage,
  AlertRuleDefinition,
  AlertsParameters,
  AlertState,
  alertStates,
  Severity,
  SnoozeInput,
} from "./contract.ts";
import { acknowledge, closeByHand, isOpen, Life, snooze } from "./life.ts";
import { tellChannels } from "./outbox-service.ts";
import { changeInSlack } from "./slack-update-service.ts";
import { findAlerts, keepEvent, listAlertRows, lockAlerts, tellAlerts } from "./store.ts";

type FoundAlert = Awaited<ReturnType<typeof findAlerts>>[number];

const open = ["firing", "acknowledged", "snoozed"] as const;
const contributorsMax = 10;

/** The alerts that tell of costs which the person may see, those that fired last first. */
export async function listAlerts(ctx: Context, input: unknown = {}): Promise<AlertPage> {
  requirePermission(ctx, "alerts:read");
  const { limit, cursor, state } = AlertsParameters.parse(input);
  const states = state === undefined ? alertStates : state === "open" ? open : [state];
  let after = cursor === undefined ? null : decodePlace(cursor, z.tuple([z.iso.datetime(), z.uuid()]));
  const page: FoundAlert[] = [];
  return ctx.inTenant(async (tx) => {
    while (page.length <= limit) {
      const rows = await listAlertRows(tx, states, after, limit + 1);
      page.push(...rows.filter((row) => maySee(ctx, row)));
      if (rows.length <= limit) break;
      after = placeOf(rows.at(-1)!);
    }
    const shown = page.slice(0, limit);
    const last = shown.at(-1);
    return {
      alerts: shown.map((row) => toAlert(ctx, row)),
      nextCursor: page.length > limit && last !== undefined ? encodePlace(placeOf(last)) : null,
    };
  });
}

/** Throws `not_found` for an alert of costs that the person may not see. */
export async function getAlert(ctx: Context, id: string): Promise<AlertDetail> {
  requirePermission(ctx, "alerts:read");
  return ctx.inTenant(async (tx) => toDetail(tx, ctx, await requireAlert(tx, ctx, id)));
}

/** Somebody says that they look after it: it is told to nobody until it is over. */
export async function acknowledgeAlert(ctx: Context, id: string): Promise<AlertDetail> {
  return change(ctx, id, "acknowledged", (life) => acknowledge(life));
}

/** It is told again once the time is over, should it still hold. */
export async function snoozeAlert(ctx: Context, id: string, input: unknown): Promise<AlertDetail> {
  const { hours } = SnoozeInput.parse(input);
  return change(ctx, id, "snoozed", (life, now) => snooze(life, new Date(now.getTime() + hours * 3_600_000)));
}

/** It is over, whatever the costs say; it fires again only once they said so too. */
export async function resolveAlert(ctx: Context, id: string): Promise<AlertDetail> {
  return change(ctx, id, "resolved", closeByHand);
}

async function change(
  ctx: Context,
  id: string,
  what: "acknowledged" | "snoozed" | "resolved",
  to: (life: Life, now: Date) => Life,
): Promise<AlertDetail> {
  requirePermission(ctx, "alerts:write");
  return ctx.inTenant(async (tx) => {
    await lockAlerts(tx, ctx.tenantId);
    const row = await requireAlert(tx, ctx, id);
    if (!mayChange(ctx, row))
      throw new AppError("forbidden", "This alert is about costs beyond those that you may look after.", {
        facts: { permission: "alerts:write" },
      });
    const before = Life.parse(row.life);
    if (!isOpen(before)) throw new AppError("conflict", "This alert is over already. Load it again.");
    const now = ctx.host.clock.now();
    const life = to(before, now);
    // Nobody else is called until a snooze is over, which is when there is something to do next.
    const nextStepAt = life.snoozedUntil === null ? null : new Date(life.snoozedUntil);
    const data = { life: toJsonColumn(life), state: life.state, nextStepAt, changedAt: now };
    await tx.alert.updateMany({ where: { id }, data });
    await keepEvent(tx, { alertId: id, what, message: row.message, by: ctx.actor }, now);
    if (what !== "snoozed" && row.rule !== null) {
      const told = { id, what, title: row.title, message: row.message, called: recipientsOf(row) };
      await tellChannels(tx, ctx, row.rule, AlertRuleDefinition.parse(row.rule.definition), [told]);
    }
    await changeInSlack(tx, ctx, [id]);
    await audit(tx, ctx, `alert.${what}`, { before: { id, state: before.state }, after: { id, title: row.title } });
    await tellAlerts(tx, ctx.tenantId);
    return toDetail(tx, ctx, await requireAlert(tx, ctx, id));
  });
}

/** What of the costs that an alert tells of changed most; null where it is not about days of costs. */
export async function getAlertCause(
  ctx: Context,
  reader: CostReader,
  id: string,
  options: ReadOptions = {},
): Promise<AlertCauseAnswer> {
  requirePermission(ctx, "alerts:read");
  const { row, definition } = await ctx.inTenant(async (tx) => {
    const found = await requireAlert(tx, ctx, id);
    const rule = found.ruleId === null ? null : await tx.alertRule.findFirst({ where: { id: found.ruleId } });
    return { row: found, definition: rule === null ? null : AlertRuleDefinition.parse(rule.definition) };
  });
  const [filter] = row.filters as (CostFilter | null)[];
  if (row.cause === null || definition === null || filter === undefined || !ctx.permissions.has("costs:read"))
    return { cause: null };
  const period = row.cause as unknown as Period;
  const before = { start: addDays(period.start, -daysIn(period)), end: period.start };
  const about = definition.conditions.find((condition) => "currency" in condition);
  const measure = about?.measure ?? "effectiveCost";
  const dimension = row.subject.includes(" serviceName ") ? "resourceId" : "serviceName";
  const pinned = await pinPublished(ctx);
  const answer = await askOf(
    ctx,
    reader,
    pinned,
    options,
  )({
    measures: [measure],
    groupBy: [dimension],
    ...(filter === null ? {} : { filter }),
    period,
    compare: before,
    limit: 1000,
  });
  const currency = about?.currency ?? answer.totals[0]?.currency;
  if (currency === undefined) return { cause: null };
  const contributors = answer.rows
    .filter((one) => one.currency === currency)
    .map((one) => {
      const [now, then] = [amountOf(one.values[measure]), amountOf(one.comparison?.[measure])];
      return { value: one.key[dimension] ?? null, now, before: then, change: now.minus(then) };
    })
    .toSorted((a, b) => b.change.abs().comparedTo(a.change.abs()))
    .slice(0, contributorsMax)
    .map((one) => ({
      value: one.value,
      now: one.now.toString(),
      before: one.before.toString(),
      change: one.change.toString(),
    }));
  return { cause: { dimension, currency, measure, period, before, filter, contributors } };
}

function amountOf(figure: { value: string | null } | undefined): Decimal {
  return figure?.value == null ? zero : parseDecimal(figure.value);
}

/** Without those that there are not, or of costs that the person may not see. */
export async function findSeenAlerts(tx: Tx, ctx: Context, ids: readonly string[]): Promise<FoundAlert[]> {
  return (await findAlerts(tx, ids)).filter((row) => maySee(ctx, row));
}

async function requireAlert(tx: Tx, ctx: Context, id: string): Promise<FoundAlert> {
  const [row] = await findSeenAlerts(tx, ctx, [id]);
  if (row === undefined) throw new AppError("not_found", "There is no such alert.");
  return row;
}

function maySee(ctx: Context, { filters }: FoundAlert): boolean {
  return reaches(ctx, "alerts:read", filters as (CostFilter | null)[]);
}

function mayChange(ctx: Context, { filters }: FoundAlert): boolean {
  return reaches(ctx, "alerts:write", filters as (CostFilter | null)[]);
}

function placeOf({ firedAt, id }: FoundAlert): [string, string] {
  return [firedAt?.toISOString() ?? "", id];
}

function toAlert(ctx: Context, row: FoundAlert): Alert {
  const { id, ruleId, rule, subject, title, message } = row;
  const life = Life.parse(row.life);
  return {
    id,
    rule: ruleId === null || rule === null ? null : { id: ruleId, name: rule.name },
    severity: Severity.parse(row.severity),
    state: AlertState.parse(row.state),
    subject,
    title,
    message,
    times: life.times,
    firedAt: row.firedAt?.toISOString() ?? "",
    changedAt: row.changedAt.toISOString(),
    snoozedUntil: life.snoozedUntil,
    mayChange: mayChange(ctx, row),
  };
}

async function toDetail(tx: Tx, ctx: Context, row: FoundAlert): Promise<AlertDetail> {
  const events = await tx.alertEvent.findMany({
    where: { alertId: row.id },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: 200,
  });
  return {
    ...toAlert(ctx, row),
    budgetId: row.budgetId,
    events: events.map(({ what, message, actorId, actorName, at }) => ({
      what: AlertHappening.parse(what),
      message,
      by: actorId === null ? null : { id: actorId, name: actorName ?? "" },
      at: at.toISOString(),
    })),
  };
}
