import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { AlertMessage } from "./message.ts";
import { putIntoOutbox } from "./outbox-service.ts";

/** Older messages are left as they are. */
const messagesMax = 20;

interface ToldRow {
  id: string;
  channelId: string;
  message: unknown;
  receipt: unknown;
}

/** Has messages in Slack that tell of these alerts say how they stand by now, by the outbox as all else. */
export async function changeInSlack(tx: Tx, ctx: Context, alertIds: readonly string[]): Promise<void> {
  if (alertIds.length === 0) return;
  const rows = await tx.$queryRaw<ToldRow[]>`
    select d.id::text, d.channel_id::text as "channelId", d.message, d.receipt
    from alert_delivery d join alert_channel c on c.tenant_id = d.tenant_id and c.id = d.channel_id
    where d.tenant_id = current_tenant() and d.receipt is not null and c.deleted_at is null and c.is_on
      and exists (select from jsonb_array_elements(d.message->'alerts') a where a->>'id' = any(${[...alertIds]}::text[]))
    order by d.created_at desc, d.id desc limit ${messagesMax}`;
  const now = ctx.host.clock.now();
  for (const { channelId, message, receipt } of rows) {
    const told = AlertMessage.parse(message);
    const states = await statesOf(
      tx,
      told.alerts.map(({ id }) => id),
    );
    const replaced: AlertMessage = { ...told, replaces: { receipt, states } };
    await putIntoOutbox(tx, { to: { channelId }, message: replaced, from: now }, now);
  }
}

/** How each alert stands that does not fire, in words, by its id. */
async function statesOf(tx: Tx, ids: readonly string[]): Promise<Record<string, string>> {
  const alerts = await tx.alert.findMany({ where: { id: { in: [...ids] }, state: { not: "firing" } } });
  const states: Record<string, string> = {};
  for (const { id, state } of alerts) {
    const event = await tx.alertEvent.findFirst({
      where: { alertId: id, what: state },
      orderBy: [{ at: "desc" }, { id: "desc" }],
    });
    const by = event?.actorName == null ? "" : ` by ${event.actorName}`;
    states[id] = `${state.charAt(0).toUpperCase()}${state.slice(1)}${by}.`;
  }
  return states;
}
