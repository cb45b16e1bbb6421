import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import { endClimb, recipientsOf } from "./climb-service.ts";
import { AlertRuleDefinition } from "./contract.ts";
import { end, isOpen, Life } from "./life.ts";
import { tellChannels, type Told } from "./outbox-service.ts";
import { changeInSlack } from "./slack-update-service.ts";
import { type AlertRuleRow, keepEvent } from "./store.ts";

/**
 * Ends the alerts of a rule that is looked at no more, and says so wherever they were told: an incident would stay open for good,
 * and a chain would go on calling people. The caller holds `lockAlerts`.
 * @param why a sentence for those who were told
 */
export async function endAlertsOf(
  tx: Tx,
  ctx: Context,
  rule: Pick<AlertRuleRow, "id" | "name" | "definition">,
  why: string,
  now: Date,
): Promise<void> {
  const rows = await tx.alert.findMany({ where: { ruleId: rule.id, state: { not: "resolved" } } });
  const told: Told[] = [];
  for (const row of rows) {
    const { id, title } = row;
    const before = Life.parse(row.life);
    const life = end(before, now);
    await tx.alert.updateMany({
      where: { id },
      data: { life: toJsonColumn(life), state: life.state, changedAt: now },
    });
    if (!isOpen(before)) continue;
    await keepEvent(tx, { alertId: id, what: "resolved", message: why, by: ctx.actor }, now);
    told.push({ id, what: "resolved", title, message: `${title}: ${why}`, called: recipientsOf(row) });
  }
  const ended = told.map(({ id }) => id);
  await endClimb(tx, ended);
  await changeInSlack(tx, ctx, ended);
  await tellChannels(tx, ctx, rule, AlertRuleDefinition.parse(rule.definition), told, now);
}
