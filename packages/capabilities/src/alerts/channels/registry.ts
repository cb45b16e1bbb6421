import type { ChannelKind, ChannelTarget } from "../contract.ts";
import type { ChannelProvider, Parcel, Reach } from "./channel-provider.ts";
import { emailChannel } from "./email/email.ts";
import { pagerdutyChannel } from "./pagerduty/pagerduty.ts";
import { slackChannel } from "./slack/slack.ts";
import { teamsChannel } from "./teams/teams.ts";
import { webhookChannel } from "./webhook/webhook.ts";

const providers: { readonly [K in ChannelKind]: ChannelProvider<K> } = {
  email: emailChannel,
  webhook: webhookChannel,
  slack: slackChannel,
  teams: teamsChannel,
  pagerduty: pagerdutyChannel,
};

export function addressOf(target: ChannelTarget): string {
  return providerOf(target).addressOf(target);
}

export function deliver(target: ChannelTarget, parcel: Parcel, reach: Reach): Promise<void> {
  return providerOf(target).deliver(target, parcel, reach);
}

/** That a kind's provider takes targets of that kind is what `providers` says of itself. */
function providerOf({ kind }: ChannelTarget): ChannelProvider<ChannelKind> {
  return providers[kind] as ChannelProvider<ChannelKind>;
}
