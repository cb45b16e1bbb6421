import { findPersonContext } from "@finops/platform/access/person-context";
import type { Host } from "@finops/platform/host";
import { type Context, createSystemContext } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { openTarget } from "./channel-service.ts";
import { callSlack } from "./channels/slack-app/slack-api.ts";

/** Who did something in Slack: a user of a workspace. */
export interface SlackUser {
  teamId: string;
  userId: string;
}

/** A company that has the workspace among its channels. */
export interface SlackCompany {
  tenantId: string;
  channelId: string;
}

export function findSlackCompanies({ db }: Host, teamId: string): Promise<SlackCompany[]> {
  return db.inDirectory(
    (tx) => tx.$queryRaw<SlackCompany[]>`
      select tenant_id::text as "tenantId", channel_id::text as "channelId" from find_slack_channels(${teamId})`,
  );
}

const Info = z.object({
  user: z.object({
    team_id: z.string().optional(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    is_email_confirmed: z.boolean().default(true),
    profile: z.object({ email: z.string().default("") }),
  }),
});

/**
 * The person of the company whom a user of Slack is, by the e-mail address that the workspace has of them, with what they may do now;
 * or why they are nobody. Guests of other workspaces are nobody, whatever their address.
 */
export async function findSlackPerson(
  host: Host,
  { tenantId, channelId }: SlackCompany,
  { teamId, userId }: SlackUser,
): Promise<Context | { refusal: string }> {
  const system = createSystemContext(host, tenantId, "Slack", "job");
  const channel = await system.inTenant((tx) => tx.alertChannel.findFirst({ where: { id: channelId } }));
  const target = channel === null || channel.deletedAt !== null ? null : await openTarget(system, channel);
  if (target?.kind !== "slack-app" || host.slack === null)
    return { refusal: "The app is not installed here any more." };
  const { user } = await callSlack(host, host.slack, "users.info", { user: userId }, Info, target.token);
  const isOfWorkspace = (user.team_id ?? teamId) === teamId && !user.deleted && !user.is_bot && !user.is_stranger;
  const email = user.profile.email.toLowerCase();
  if (!isOfWorkspace || !user.is_email_confirmed || email === "")
    return { refusal: "Slack does not say an e-mail address of yours that is confirmed in this workspace." };
  const found = await system.inTenant(async (tx) => {
    const member = await tx.membership.findFirst({ where: { user: { email } }, select: { userId: true } });
    return member === null ? null : findPersonContext(tx, system, member.userId);
  });
  return (
    found?.person ?? {
      refusal: `${email} belongs to nobody in the company. Ask an owner of it to invite you with this address.`,
    }
  );
}
