import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import { beginClimb } from "./climb-service.ts";
import { AlertRuleDefinition } from "./contract.ts";
import { Life, wake } from "./life.ts";
import { tellChannels } from "./outbox-service.ts";
import { keepEvent, lockAlerts, tellAlerts } from "./store.ts";

/**
 * Tells again of every alert whose snooze is over, without a look at the costs: had they said that it is over, the look that read
 * them would have resolved it.
 */
export async function wakeDue(ctx: Context, signal?: AbortSignal): Promise<{ woken: number }> {
  for (let woken = 0; ; woken += 1) {
    signal?.throwIfAborted();
    if (!(await ctx.inTenant((tx) => takeSleeper(tx, ctx)))) return { woken };
  }
}

/** @returns false when no snooze is over */
async function takeSleeper(tx: Tx, ctx: Context): Promise<boolean> {
  await lockAlerts(tx, ctx.tenantId);
  const now = ctx.host.clock.now();
  const alert = await tx.alert.findFirst({
    where: { state: "snoozed", nextStepAt: { lte: now } },
    orderBy: [{ nextStepAt: "asc" }, { id: "asc" }],
    include: { rule: { select: { name: true, definition: true } } },
  });
  if (alert === null) return false;
  const { id, title, message, rule } = alert;
  const { life } = wake(Life.parse(alert.life), { now });
  const data = { life: toJsonColumn(life), state: life.state, nextStepAt: null, changedAt: now };
  await tx.alert.updateMany({ where: { id }, data });
  await keepEvent(tx, { alertId: id, what: "woken", message, by: null }, now);
  if (rule !== null) {
    const definition = AlertRuleDefinition.parse(rule.definition);
    await beginClimb(tx, definition, id, now);
    await tellChannels(tx, ctx, rule, definition, [{ id, what: "woken", title, message }], now);
  }
  await tellAlerts(tx, ctx.tenantId);
  return true;
}
