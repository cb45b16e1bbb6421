import { type AlertMessage, headline, listed } from "../../message.ts";
import type { ReportMessage } from "../../report-message.ts";
import type { ChannelProvider } from "../channel-provider.ts";
import { postJson } from "../post-json.ts";

/** By an incoming webhook, as blocks of Block Kit (https://docs.slack.dev/reference/block-kit/blocks). */
export const slackChannel: ChannelProvider<"slack"> = {
  // The path of the address is its secret.
  addressOf: ({ url }) => new URL(url).host,
  deliver: ({ url }, { id, message }, reach) =>
    postJson(reach, url, JSON.stringify(toSlack(message)), { "idempotency-key": id }),
  deliverReport: ({ url }, { id, report }, reach) =>
    postJson(reach, url, JSON.stringify(toSlackReport(report)), { "idempotency-key": id }),
};

const headerMax = 150;
const sectionMax = 2900;
/** With a heading above it, and escaped, where each sign may take five, a message stays within a section. */
const messageMax = 400;

/** @param below what stands below each alert, if anything */
export function toSlack<B = never>(
  message: AlertMessage,
  below: (alert: AlertMessage["alerts"][number]) => B[] = () => [],
) {
  const { groups, more } = listed(message);
  const title = headline(message);
  return {
    text: escapeText(title),
    blocks: [
      { type: "header" as const, text: plain(cut(title, headerMax)) },
      // Slack takes 50 blocks, so a heading stands in the section of the first alert below it.
      ...groups.flatMap(({ name, alerts }) =>
        alerts.flatMap((alert, index) => {
          const heading = name === null || index > 0 ? "" : `*${escapeText(cut(name, headerMax))}*\n`;
          return [
            section(`${heading}${escapeText(cut(alert.message, messageMax))}\n<${alert.url}|Open>`),
            ...below(alert),
          ];
        }),
      ),
      {
        type: "context" as const,
        elements: [
          plain(
            cut(
              `${more > 0 ? `And ${more} more. ` : ""}${message.company}, severity ${message.severity}, ${message.at}`,
              headerMax,
            ),
          ),
        ],
      },
    ],
  };
}

function section(text: string) {
  return { type: "section" as const, text: { type: "mrkdwn" as const, text, verbatim: true } };
}

export function plain(text: string) {
  return { type: "plain_text" as const, text, emoji: false };
}

export function toSlackReport({ title, lines, url, company, at }: ReportMessage) {
  return {
    text: escapeText(title),
    blocks: [
      { type: "header", text: plain(cut(title, headerMax)) },
      // Escaped signs are longer, so there is room left for them.
      section(`${escapeText(cut(lines.join("\n"), sectionMax / 2))}\n<${url}|Open>`),
      { type: "context", elements: [plain(cut(`${company}, ${at}`, headerMax))] },
    ],
  };
}

/** What Slack reads as a mention or a link begins with one of these (https://docs.slack.dev/messaging/formatting-message-text). */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}
