import type { AlertMessage } from "../../message.ts";
import type { ChannelProvider } from "../channel-provider.ts";
import { postJson } from "../post-json.ts";

/** By the Events API v2 (https://developer.pagerduty.com/docs/events-api-v2/overview): each alert is an incident of its own. */
export const pagerdutyChannel: ChannelProvider<"pagerduty"> = {
  addressOf: ({ routingKey }) => `key that ends in ${routingKey.slice(-4)}`,
  async deliver({ routingKey }, { id, message }, reach) {
    // An event that comes twice is one, by its dedup_key.
    for (const event of toPagerDuty(message, id)) {
      const body = JSON.stringify({ routing_key: routingKey, ...event });
      await postJson(reach, "https://events.pagerduty.com/v2/enqueue", body);
    }
  },
};

const actions = {
  fired: "trigger",
  reopened: "trigger",
  woken: "trigger",
  escalated: "trigger",
  acknowledged: "acknowledge",
  resolved: "resolve",
} as const;
const summaryMax = 1024;

export function toPagerDuty(message: AlertMessage, id: string) {
  const { what, severity, company, rule, at, url } = message;
  const event = (action: "trigger" | "acknowledge" | "resolve", dedupKey: string, summary: string, link: string) => ({
    event_action: action,
    dedup_key: dedupKey,
    ...(action === "trigger"
      ? {
          payload: { summary: summary.slice(0, summaryMax), source: company, severity, timestamp: at, group: rule },
          links: [{ href: link, text: "Open" }],
        }
      : {}),
  });
  // A digest calls nobody, and no channel of this kind has one.
  if (what === "digest") return [];
  // A trial leaves no incident behind.
  if (what === "test") return [event("trigger", id, `Test of a channel: ${rule}`, url), event("resolve", id, "", url)];
  return message.alerts.map((alert) => event(actions[what], alert.id, alert.message, alert.url));
}
