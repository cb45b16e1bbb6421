import { readFileSync } from "node:fs";
import { expect, settle, test } from "./journey.ts";
import { type StandInSlack, startStandInSlack } from "./stand-in-slack.ts";
import { type Server, startServer } from "./start-servers.ts";

// Slack is at an address that a server is started with, so this journey has one of its own.
let slack: StandInSlack;
let server: Server;
let email = "";

test.beforeAll(async () => {
  slack = await startStandInSlack(() => email);
  server = await startServer({ rows: 0, env: slack.env });
});
test.afterAll(async () => {
  await server.stop();
  await slack.stop();
});

const month = new Date().toISOString().slice(0, 7);

/** A bill of one charge on the first of this month. */
function bill(cost: string): string {
  const start = new Date(`${month}-01T00:00:00Z`);
  const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
  const columns = {
    ProviderName: "AWS",
    PublisherName: "AWS",
    InvoiceIssuerName: "AWS",
    BillingAccountId: "100000000001",
    BillingAccountType: "Payer Account",
    SubAccountId: "200000000012",
    SubAccountType: "Linked Account",
    BillingPeriodStart: start.toISOString(),
    BillingPeriodEnd: end.toISOString(),
    ChargePeriodStart: start.toISOString(),
    ChargePeriodEnd: new Date(start.getTime() + 86_400_000).toISOString(),
    ChargeCategory: "Usage",
    ChargeDescription: "Machines",
    ChargeFrequency: "Usage-Based",
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    BillingCurrency: "USD",
    PricingCurrency: "USD",
    PricingQuantity: "1",
    PricingUnit: "Hours",
    ConsumedQuantity: "1",
    ConsumedUnit: "Hours",
    ServiceName: "Amazon Elastic Compute Cloud",
    ServiceCategory: "Compute",
    SkuId: "SKU1",
    RegionId: "eu-west-1",
  };
  return `${Object.keys(columns).join(",")}\n${Object.values(columns).join(",")}\n`;
}

test("a budget goes over, is told by mail and in Slack, is acknowledged there, and ends with a restatement", async ({
  page,
}) => {
  test.slow();
  const ask = async <T>(method: "GET" | "POST" | "PUT", path: string, data?: unknown, type = "application/json") => {
    const headers = {
      "x-finops-request": "1",
      origin: server.url,
      ...(data === undefined ? {} : { "content-type": type }),
    };
    const answer = await page.request.fetch(`${server.url}${path}`, {
      method,
      headers,
      maxRedirects: 0,
      ...(data === undefined ? {} : { data: typeof data === "string" ? Buffer.from(data) : data }),
    });
    expect(answer.status(), `${method} ${path}: ${await answer.text()}`).toBeLessThan(400);
    return (await answer.json().catch(() => null)) as T;
  };
  const importBill = async (cost: string) => {
    const { id } = await ask<{ id: string }>("POST", "/api/v1/imports");
    await ask("PUT", `/api/v1/imports/${id}/file?name=bill.csv`, bill(cost), "application/octet-stream");
    await ask("POST", `/api/v1/imports/${id}/start`, {});
    await expect
      .poll(async () => (await ask<{ state: string }>("GET", `/api/v1/imports/${id}`)).state, { timeout: 60_000 })
      .toBe("done");
  };

  await page.goto(server.link);
  const { sessions } = await ask<{ sessions: { user: { email: string } }[] }>("GET", "/api/v1/sessions");
  email = sessions[0]!.user.email;
  const { location } = await ask<{ location: string }>("POST", "/api/slack/install", { name: "Ops", place: "#finops" });
  await ask("GET", `/slack/callback?state=${new URL(location).searchParams.get("state")}&code=code`);
  await ask("POST", "/api/v1/alerts/channels", {
    name: "Mail",
    target: { kind: "email", to: [email] },
  });
  const { channels } = await ask<{ channels: { id: string }[] }>("GET", "/api/v1/alerts/channels");
  expect(channels).toHaveLength(2);

  await page.goto(`${server.url}/budgets`);
  await page.getByRole("button", { name: "New budget" }).first().click();
  const panel = page.getByRole("complementary", { name: "New budget" });
  await panel.getByLabel("Name").fill("Machines");
  await panel.getByLabel("In USD").fill("100.00");
  await panel.getByRole("button", { name: "Make the budget" }).click();
  await expect(page.getByRole("heading", { name: "Machines" })).toBeVisible();
  await ask("POST", "/api/v1/alerts/rules", {
    name: "Over its limit",
    severity: "critical",
    conditions: [{ kind: "budget", figure: "actual", above: "100" }],
    channelIds: channels.map(({ id }) => id),
  });

  await importBill("150.25");
  await page.goto(`${server.url}/alerts`);
  await page.getByText("Budget Machines").first().click();
  await expect(page.getByText("Firing", { exact: true }).first()).toBeVisible();
  const printed = () => readFileSync(server.printed, "utf8");
  await expect.poll(printed).toMatch(/Mail to .*: Alert: Over its limit: Budget Machines/);
  expect(printed()).toMatch(/With chart-1\.png, \d{4,} bytes/);
  const posts = () => slack.calls.filter(({ method }) => method === "chat.postMessage");
  await expect.poll(() => posts().length).toBe(1);
  expect(posts()[0]!.form["text"]).toContain("Budget Machines");

  const [, alertId] = /"action_id":"acknowledge","value":"([\w-]+)"/.exec(posts()[0]!.form["blocks"]!)!;
  expect(await slack.press(server.url, "acknowledge", alertId!)).toBe(200);
  await expect(page.getByText("Acknowledged", { exact: true }).first()).toBeVisible();
  await expect.poll(() => slack.calls.some(({ method }) => method === "chat.update")).toBe(true);

  await importBill("50.25");
  await expect(page.getByText("Resolved", { exact: true }).first()).toBeVisible();
  await expect.poll(printed).toMatch(/Mail to .*: Resolved: Over its limit: Budget Machines/);
  await settle(page);
});
