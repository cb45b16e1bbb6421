import type { Tx } from "@finops/platform/db/database";
import type { Host } from "@finops/platform/host";
import { type Context, createSystemContext } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { type BrokenChannel, failuresToTell, tellOfChannel, writeToOwner } from "./channel-alert-service.ts";
import { findSlackCompanies } from "./slack-person.ts";
import { lockAlerts, tellAlerts } from "./store.ts";

/** What Slack tells of by itself (https://docs.slack.dev/apis/events-api), as far as it is read. */
export const SlackEvent = z.discriminatedUnion("type", [
  /** Slack asks whether the address is ours, and wants its own word back. */
  z.object({ type: z.literal("url_verification"), challenge: z.string().max(1000) }),
  z.object({
    type: z.literal("event_callback"),
    team_id: z.string(),
    /** Seconds since 1970. */
    event_time: z.int(),
    event: z.object({
      type: z.string(),
      /** Of `tokens_revoked`: the users whose tokens, and the bots whose tokens, are over. */
      tokens: z.object({ bot: z.array(z.string()).default([]) }).optional(),
    }),
  }),
]);
type SlackEvent = z.infer<typeof SlackEvent>;

/**
 * Marks the channels of a workspace that the app was removed from, or whose token it took back, as broken. Slack tells of one
 * removal by both events, and again where it had no answer: the second tells nobody anew.
 * @returns what is left to do after the answer: their owners get a mail
 */
export async function noteSlackRemoval(
  host: Host,
  event: Extract<SlackEvent, { type: "event_callback" }>,
): Promise<() => Promise<void>> {
  const problem = problemOf(event);
  if (problem === null) return async () => {};
  const removedAt = new Date(event.event_time * 1000);
  const mails: [Context, BrokenChannel][] = [];
  for (const { tenantId, channelId } of await findSlackCompanies(host, event.team_id)) {
    const ctx = createSystemContext(host, tenantId, "Slack", "job");
    const broken = await ctx.inTenant((tx) => breakChannel(tx, ctx, channelId, { problem, removedAt }));
    if (broken !== null) mails.push([ctx, broken]);
  }
  return async () => {
    for (const [ctx, broken] of mails) await writeToOwner(ctx, broken);
  };
}

/** Null for an event that no channel ends by. A user's token is none of ours: the app has a bot's alone. */
function problemOf({ event }: Extract<SlackEvent, { type: "event_callback" }>): string | null {
  if (event.type === "app_uninstalled")
    return "The app was removed from the workspace. Make the channel anew to install it again.";
  if (event.type === "tokens_revoked" && (event.tokens?.bot.length ?? 0) > 0)
    return "The workspace took the app's token back. Make the channel anew to install it again.";
  return null;
}

/** Null where it is known already, or the channel came by an installation after the removal. */
async function breakChannel(
  tx: Tx,
  ctx: Context,
  id: string,
  { problem, removedAt }: { problem: string; removedAt: Date },
): Promise<BrokenChannel | null> {
  const now = ctx.host.clock.now();
  await lockAlerts(tx, ctx.tenantId);
  const { count } = await tx.alertChannel.updateMany({
    where: { id, deletedAt: null, createdAt: { lte: removedAt } },
    data: { failures: failuresToTell, problem },
  });
  if (count === 0) return null;
  const channel = await tx.alertChannel.findUniqueOrThrow({ where: { id } });
  const broken = await tellOfChannel(tx, channel, problem, now);
  await tellAlerts(tx, ctx.tenantId);
  return broken;
}
