import { AppError } from "@finops/kernel/app-error";
import type { SlackApp } from "@finops/platform/network/slack-app";
import * as z from "zod";
import type { AlertMessage } from "../../message.ts";
import type { ChannelProvider, Reach } from "../channel-provider.ts";
import { escapeText, plain, toSlack, toSlackReport } from "../slack/slack.ts";
import { callSlack } from "./slack-api.ts";

const Receipt = z.object({ channel: z.string(), ts: z.string() });

/** By the app (https://docs.slack.dev/reference/methods/chat.postMessage), with buttons; what changed takes the message's place. */
export const slackAppChannel: ChannelProvider<"slack-app"> = {
  addressOf: ({ teamName, place }) => `${place} of ${teamName}`,
  async deliver({ token, place }, { message }, reach) {
    const slack = appOf(reach);
    const form = toForm(toSlackApp(message));
    if (message.replaces !== undefined) {
      const { channel, ts } = Receipt.parse(message.replaces.receipt);
      await callSlack(reach, slack, "chat.update", { channel, ts, ...form }, z.unknown(), token);
      return;
    }
    reach.keepReceipt?.(await callSlack(reach, slack, "chat.postMessage", { channel: place, ...form }, Receipt, token));
  },
  async deliverReport({ token, place }, { report }, reach) {
    const form = { channel: place, ...toForm(toSlackReport(report)) };
    await callSlack(reach, appOf(reach), "chat.postMessage", form, z.unknown(), token);
  },
};

function appOf({ slack }: Reach): SlackApp {
  if (slack === null || slack === undefined)
    throw new AppError("precondition", "Slack's app is not set up here any more.", { facts: { isFinal: true } });
  return slack;
}

function toForm({ text, blocks }: { text: string; blocks: readonly object[] }) {
  return { text, blocks: JSON.stringify(blocks), unfurl_links: "false" };
}

/** What one may do something about. */
const open: ReadonlySet<AlertMessage["what"]> = new Set(["fired", "reopened", "woken", "escalated"]);

export function toSlackApp(message: AlertMessage) {
  return toSlack<ReturnType<typeof stateLine> | ReturnType<typeof buttons>>(message, ({ id }) => {
    const state = message.replaces?.states[id];
    if (state !== undefined) return [stateLine(state)];
    return open.has(message.what) ? [buttons(id)] : [];
  });
}

function stateLine(state: string) {
  const text = { type: "mrkdwn" as const, text: escapeText(state), verbatim: true };
  return { type: "context" as const, elements: [text] };
}

function buttons(id: string) {
  const button = (action: string, text: string) => ({
    type: "button" as const,
    action_id: action,
    value: id,
    text: plain(text),
  });
  return { type: "actions" as const, elements: [button("acknowledge", "Acknowledge"), button("snooze", "Snooze 4 h")] };
}
