import { type AlertMessage, headline, listed } from "../../message.ts";
import type { ReportMessage } from "../../report-message.ts";
import type { ChannelProvider } from "../channel-provider.ts";
import { postJson } from "../post-json.ts";

/** By the webhook of a workflow of Microsoft Teams, as an Adaptive Card. */
export const teamsChannel: ChannelProvider<"teams"> = {
  // The query of the address is its secret.
  addressOf: ({ url }) => new URL(url).host,
  deliver: ({ url }, { id, message }, reach) =>
    postJson(reach, url, JSON.stringify(toTeams(message)), { "idempotency-key": id }),
  deliverReport: ({ url }, { id, report }, reach) =>
    postJson(reach, url, JSON.stringify(toTeamsReport(report)), { "idempotency-key": id }),
};

const textMax = 900;
const linesMax = 20;

export function toTeams(message: AlertMessage) {
  const { groups, more } = listed(message);
  const { alerts } = message;
  const facts = `${more > 0 ? `And ${more} more. ` : ""}${message.company}, severity ${message.severity}, ${message.at}`;
  return card(
    [
      plain(headline(message), { weight: "Bolder", size: "Medium" }),
      ...groups.flatMap(({ name, alerts: told }) => [
        ...(name === null ? [] : [plain(name, { weight: "Bolder" })]),
        ...told.map((alert) => plain(cut(alert.message))),
      ]),
      plain(facts, { isSubtle: true, size: "Small" }),
    ],
    alerts.length === 1 ? alerts[0]!.url : message.url,
  );
}

export function toTeamsReport({ title, lines, url, company, at }: ReportMessage) {
  return card(
    [
      plain(title, { weight: "Bolder", size: "Medium" }),
      ...lines.slice(0, linesMax).map((line) => plain(cut(line))),
      plain(`${company}, ${at}`, { isSubtle: true, size: "Small" }),
    ],
    url,
  );
}

function card(body: readonly ReturnType<typeof plain>[], url: string) {
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body,
          actions: [{ type: "Action.OpenUrl", title: "Open", url }],
        },
      },
    ],
  };
}

/** Teams takes 28 kB of a message. */
function cut(text: string): string {
  return text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text;
}

/** A text run is shown as it stands, where a text block would read Markdown out of names. */
function plain(text: string, look: object = {}) {
  return { type: "RichTextBlock", inlines: [{ type: "TextRun", text, ...look }] };
}
