import { type AlertMessage, headline, listed } from "../../message.ts";
import type { ChannelProvider } from "../channel-provider.ts";
import { postJson } from "../post-json.ts";

/** By an incoming webhook, as blocks of Block Kit (https://docs.slack.dev/reference/block-kit/blocks). */
export const slackChannel: ChannelProvider<"slack"> = {
  // The path of the address is its secret.
  addressOf: ({ url }) => new URL(url).host,
  deliver: ({ url }, { id, message }, reach) =>
    postJson(reach, url, JSON.stringify(toSlack(message)), { "idempotency-key": id }),
};

const headerMax = 150;
const sectionMax = 2900;

export function toSlack(message: AlertMessage) {
  const { alerts, more } = listed(message);
  const title = headline(message);
  return {
    text: escapeText(title),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, headerMax), emoji: false } },
      ...alerts.map(({ message: told, url }) => ({
        type: "section",
        text: { type: "mrkdwn", text: `${escapeText(cut(told, sectionMax / 5))}\n<${url}|Open>`, verbatim: true },
      })),
      {
        type: "context",
        elements: [
          {
            type: "plain_text",
            text: cut(
              `${more > 0 ? `And ${more} more. ` : ""}${message.company}, severity ${message.severity}, ${message.at}`,
              headerMax,
            ),
            emoji: false,
          },
        ],
      },
    ],
  };
}

/** What Slack reads as a mention or a link begins with one of these (https://docs.slack.dev/messaging/formatting-message-text). */
function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}
