import type { MailMessage } from "@finops/platform/mail/mail";
import type { OutsideCall } from "@finops/platform/network/outside-call";
import { describe, expect, it } from "vitest";
import type { AlertMessage } from "../message.ts";
import { addressOf, deliver } from "./registry.ts";
import { toPagerDuty } from "./pagerduty/pagerduty.ts";
import { toSlack } from "./slack/slack.ts";
import { chartPng } from "../../pictures/on-node.ts";
import { toTeams } from "./teams/teams.ts";

const alert = (id: string, message = `Service ${id} is dear.`) => ({
  id,
  title: id,
  message,
  url: `https://costs.example/alerts/${id}`,
});
const messageOf = (
  what: AlertMessage["what"],
  alerts: AlertMessage["alerts"] = [alert("a1"), alert("a2")],
): AlertMessage => ({
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

describe("a mail", () => {
  const picture = {
    shows: "days" as const,
    currency: "USD",
    amounts: [
      { label: "2026-11-08", amount: "12.5" },
      { label: "2026-11-09", amount: "0" },
      { label: "2026-11-10", amount: "-3.25" },
    ],
  };
  const deliverTo = async (message: AlertMessage, png?: typeof chartPng) => {
    const sent: MailMessage[] = [];
    const send = (mail: MailMessage) => Promise.resolve(void sent.push(mail));
    const outside = { isHttpAllowed: false, fetch: () => Promise.reject(new Error("no network")) };
    await deliver(
      { kind: "email", to: ["ann@acme.example"] },
      { id: "d1", message },
      {
        mail: { send },
        outside,
        png,
        now: new Date("2026-11-10"),
      },
    );
    return sent[0]!;
  };

  it("shows what each of the last days cost, and says it to who sees no picture", async () => {
    const told = messageOf("fired", [{ ...alert("a1"), title: `"><script>`, picture }, alert("a2")]);
    const { html, attachments = [] } = await deliverTo(told, chartPng);
    expect(attachments.map(({ contentType, contentId }) => [contentType, contentId])).toEqual([
      ["image/png", "alert-a1"],
    ]);
    expect(Buffer.from(attachments[0]!.content).subarray(1, 4).toString()).toBe("PNG");
    expect(html!.match(/<img [^>]+>/g)).toEqual([
      `<img src="cid:alert-a1" alt="What each day cost, in USD: $9.25 in 3 days." width="600" style="width:100%;max-width:600px;height:auto;border-radius:4px">`,
    ]);
    expect(html).not.toContain("<script>");
  });

  it("shows a budget beside what is spent and expected", async () => {
    const amounts = [
      { label: "Limit", amount: "100" },
      { label: "Spent", amount: "80.5" },
    ];
    const told = messageOf("fired", [{ ...alert("a1"), picture: { shows: "budget", currency: "EUR", amounts } }]);
    expect((await deliverTo(told, chartPng)).html).toContain(`alt="Limit: €100.00. Spent: €80.50"`);
  });

  it("has no picture where nobody can draw one", async () => {
    const { html, attachments } = await deliverTo(messageOf("fired", [{ ...alert("a1"), picture }]));
    expect([html!.includes("<img"), attachments]).toEqual([false, []]);
  });
});
