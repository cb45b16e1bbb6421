import type { OutsideCall } from "@finops/platform/network/outside-call";
import { describe, expect, it } from "vitest";
import type { AlertMessage } from "../message.ts";
import { addressOf, deliver } from "./registry.ts";
import { toPagerDuty } from "./pagerduty/pagerduty.ts";
import { toSlack } from "./slack/slack.ts";
import { toTeams } from "./teams/teams.ts";

const alert = (id: string, message = `Service ${id} is dear.`) => ({
  id,
  title: id,
  message,
  url: `https://costs.example/alerts/${id}`,
});
const messageOf = (what: AlertMessage["what"], alerts = [alert("a1"), alert("a2")]): AlertMessage => ({
  what,
  severity: "critical",
  rule: "Clusters",
  company: "Acme",
  at: "2026-11-10T12:00:00.000Z",
  url: "https://costs.example/alerts",
  alerts,
});
const many = Array.from({ length: 101 }, (_, index) => alert(`a${index}`, "x".repeat(5000)));

describe("Slack", () => {
  it("is told in blocks within its bounds, and reads no mention out of a name", () => {
    const { blocks, text } = toSlack(messageOf("fired", [alert("a1", "<!channel> & <https://evil.example|here>")]));
    expect(JSON.stringify(blocks)).not.toMatch(/<!channel>|<https:\/\/evil/);
    expect(text).toBe("Alert: Clusters: a1");
    const long = toSlack(messageOf("fired", many));
    expect(long.blocks.length).toBeLessThanOrEqual(50);
    for (const block of long.blocks) expect(JSON.stringify(block).length).toBeLessThan(3000);
  });
});

describe("Teams", () => {
  it("is told by an Adaptive Card of plain runs", () => {
    const [attachment] = toTeams(
      messageOf("resolved", [alert("a1", "**bold** [here](https://evil.example)")]),
    ).attachments;
    expect(attachment!.contentType).toBe("application/vnd.microsoft.card.adaptive");
    expect(attachment!.content).toMatchObject({ type: "AdaptiveCard", version: "1.4" });
    expect(attachment!.content.body.map(({ type }) => type)).toEqual([
      "RichTextBlock",
      "RichTextBlock",
      "RichTextBlock",
    ]);
    expect(attachment!.content.actions[0]!.url).toBe("https://costs.example/alerts/a1");
    // Teams takes 28 kB.
    expect(JSON.stringify(toTeams(messageOf("fired", many))).length).toBeLessThan(28_000);
  });
});

describe("PagerDuty", () => {
  it("begins, acknowledges and ends one incident for each alert, by its id", async () => {
    const of = (what: AlertMessage["what"]) =>
      toPagerDuty(messageOf(what), "d1").map(({ event_action, dedup_key }) => [event_action, dedup_key]);
    expect(of("fired")).toEqual([
      ["trigger", "a1"],
      ["trigger", "a2"],
    ]);
    expect(of("acknowledged")).toEqual([
      ["acknowledge", "a1"],
      ["acknowledge", "a2"],
    ]);
    expect(of("resolved")).toEqual([
      ["resolve", "a1"],
      ["resolve", "a2"],
    ]);
    expect(of("test")).toEqual([
      ["trigger", "d1"],
      ["resolve", "d1"],
    ]);
    const sent: [string, OutsideCall][] = [];
    const fetch = (url: string, call: OutsideCall) => {
      sent.push([url, call]);
      return Promise.resolve(new Response(null, { status: 202 }));
    };
    const target = { kind: "pagerduty" as const, routingKey: "0123456789abcdef0123456789abcdef" };
    const reach = {
      mail: { send: () => Promise.resolve() },
      outside: { isHttpAllowed: false, fetch },
      now: new Date("2026-11-10"),
    };
    await deliver(target, { id: "d1", message: messageOf("fired") }, reach);
    expect(sent.map(([url]) => url)).toEqual(
      Array.from({ length: 2 }, () => "https://events.pagerduty.com/v2/enqueue"),
    );
    expect(JSON.parse(String(sent[0]![1].body))).toMatchObject({
      routing_key: target.routingKey,
      event_action: "trigger",
      payload: { summary: "Service a1 is dear.", source: "Acme", severity: "critical" },
    });
    expect(addressOf(target)).toBe("key that ends in cdef");
  });
});
