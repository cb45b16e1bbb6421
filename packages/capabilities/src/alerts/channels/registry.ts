import type { ChannelProvider, KeptKind, KeptTarget, Parcel, Reach, ReportParcel } from "./channel-provider.ts";
import { emailChannel } from "./email/email.ts";
import { pagerdutyChannel } from "./pagerduty/pagerduty.ts";
import { slackChannel } from "./slack/slack.ts";
import { slackAppChannel } from "./slack-app/slack-app.ts";
import { teamsChannel } from "./teams/teams.ts";
import { webhookChannel } from "./webhook/webhook.ts";

const providers: { readonly [K in KeptKind]: ChannelProvider<K> } = {
  email: emailChannel,
  webhook: webhookChannel,
  slack: slackChannel,
  "slack-app": slackAppChannel,
  teams: teamsChannel,
  pagerduty: pagerdutyChannel,
};

export function addressOf(target: KeptTarget): string {
  return providerOf(target).addressOf(target);
}

export function deliver(target: KeptTarget, parcel: Parcel, reach: Reach): Promise<void> {
  return providerOf(target).deliver(target, parcel, reach);
}

/** Whether people read reports there: what only calls them does not. */
export function takesReports(kind: string): boolean {
  return Object.entries(providers).some(([name, { deliverReport }]) => name === kind && deliverReport !== undefined);
}

export async function deliverReport(target: KeptTarget, parcel: ReportParcel, reach: Reach): Promise<void> {
  await providerOf(target).deliverReport?.(target, parcel, reach);
}

/** That a kind's provider takes targets of that kind is what `providers` says of itself. */
function providerOf({ kind }: KeptTarget): ChannelProvider<KeptKind> {
  return providers[kind] as ChannelProvider<KeptKind>;
}
