import { createRequire } from "node:module";
import type { Action, Severity } from "@pagerduty/pdjs/build/src/events";
import type { KnownBlock } from "@slack/types";
import { describe, expect, it } from "vitest";
import type { AlertMessage } from "../message.ts";
import { toPagerDuty } from "./pagerduty/pagerduty.ts";
import { toSlackApp } from "./slack-app/slack-app.ts";
import { toSlack } from "./slack/slack.ts";
import { toTeams } from "./teams/teams.ts";

const message = (what: AlertMessage["what"], count = 2, more: Partial<AlertMessage> = {}): AlertMessage => ({
  what,
  severity: "critical",
  rule: "Clusters",
  company: "Acme",
  at: "2026-11-10T12:00:00.000Z",
  url: "https://costs.example/alerts",
  alerts: Array.from({ length: count }, (_, index) => ({
    id: `a${index}`,
    title: `Alert ${index}`,
    message: `Service ${index} is **dear**.`,
    url: `https://costs.example/alerts/a${index}`,
  })),
  ...more,
});
const everything = [
  message("fired"),
  message("escalated", 1),
  message("resolved", 0),
  message("fired", 101),
  message("fired", 2, { replaces: { receipt: {}, states: { a0: "Acknowledged by Ada." } } }),
  message("digest", 2, { digest: { summary: "2 fired", more: 7 } }),
  fullDigest(),
];

/** Each alert by a rule of its own, with signs that are long when they are escaped, and somebody looks after each by now. */
function fullDigest(): AlertMessage {
  const { alerts, ...rest } = message("digest", 101, { digest: { summary: "101 fired", more: 0 } });
  const states = Object.fromEntries(alerts.map(({ id }) => [id, "Acknowledged by Ada."]));
  const long = alerts.map((alert, index) => ({
    ...alert,
    message: "&".repeat(900),
    group: `${"&".repeat(200)} ${index}`,
  }));
  return { ...rest, alerts: long, replaces: { receipt: {}, states } };
}

describe("what a vendor has published of its messages", () => {
  it("is what Slack is sent: blocks of its own types, and no more of them than it takes", () => {
    for (const one of everything) {
      // The types are Slack's: what is not of them is an error of types.
      const [webhook, app]: [KnownBlock[], KnownBlock[]] = [toSlack(one).blocks, toSlackApp(one).blocks];
      expect(webhook.length).toBeLessThanOrEqual(50);
      expect(app.length).toBeLessThanOrEqual(50);
      for (const block of [...webhook, ...app])
        if (block.type === "section") expect(block.text?.text.length).toBeLessThanOrEqual(3000);
    }
    const buttons = toSlackApp(everything[0]!).blocks.filter(({ type }) => type === "actions");
    expect(buttons).toHaveLength(2);
    const changed = toSlackApp(everything[4]!).blocks;
    expect(changed.filter(({ type }) => type === "actions")).toHaveLength(1);
    expect(JSON.stringify(changed)).toContain("Acknowledged by Ada.");
    expect(JSON.stringify(toSlackApp(message("resolved")).blocks)).not.toContain("actions");
  });

  it("is what Teams is sent: a card that the reader of Adaptive Cards has nothing to say about", () => {
    for (const one of everything) expect(faultsOf(toTeams(one).attachments[0]!.content)).toBe(0);
    expect(faultsOf({ type: "AdaptiveCard", version: "1.4", body: [{ type: "RichTextBlok" }] })).toBeGreaterThan(0);
  });

  it("is what PagerDuty is sent: events of its own client's types", () => {
    for (const one of everything)
      for (const { event_action, payload } of toPagerDuty(one, "d1")) {
        const action: Action = event_action;
        const severity: Severity | undefined = payload?.severity;
        expect([action, severity]).toEqual([action, action === "trigger" ? "critical" : undefined]);
      }
  });
});

// The package names no module that Node finds, so its bundle is taken.
const require = createRequire(import.meta.url);
const adaptive = require("adaptivecards/dist/adaptivecards.js") as {
  AdaptiveCard: new () => {
    parse(card: object, context: object): void;
    validateProperties(): { validationEvents: unknown[] };
  };
  SerializationContext: new () => { eventCount: number };
};

function faultsOf(content: object): number {
  const [card, context] = [new adaptive.AdaptiveCard(), new adaptive.SerializationContext()];
  card.parse(content, context);
  return context.eventCount + card.validateProperties().validationEvents.length;
}
