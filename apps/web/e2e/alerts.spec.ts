import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a rule is made, fires in the inbox, and somebody looks after what it told", async ({ page }) => {
  await page.goto(demoUrl("/alerts/rules"));
  await page.getByRole("button", { name: "New rule" }).first().click();
  const panel = page.getByRole("complementary", { name: "New rule" });
  await panel.getByLabel("Name").fill("Any month at all");
  await panel.getByLabel("In", { exact: true }).selectOption("The month so far");
  await panel.getByLabel("Over, in USD").fill("1");
  // What it would have told is told before it is made.
  await expect(panel.getByTestId("backtest")).toContainText(/would have fired (once|\d+ times) in the last 90 days/);
  await expectAccessible(page, "all but colours");
  await panel.getByRole("button", { name: "Make the rule" }).click();
  await expect(page.getByRole("grid", { name: "Rules" })).toContainText("Any month at all");

  await page.getByRole("link", { name: "Inbox" }).click();
  // The server looks at it, and the page hears of it.
  const alert = page.getByRole("link", { name: /^Costs: [\d,.]+ USD in .* so far; the threshold is 1\.00 USD/ });
  await expect(alert).toBeVisible();
  await expect(page.getByTestId("sentence")).toContainText(/alerts? fires?/);
  await settle(page);
  await expectAccessible(page);
  await alert.click();
  await expect(page.getByRole("link", { name: "Any month at all" })).toBeVisible();
  await expect(page.getByTitle("Opens the explorer").first()).toBeVisible();
  await page.getByRole("button", { name: "Acknowledge Costs" }).click();
  await expect(page.getByText("Acknowledged", { exact: true })).toBeVisible();
  await expect(page.getByRole("list", { name: "What happened" })).toContainText("acknowledged it");
  await settle(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page);
});

test("a channel is made and tried, and its secret is told to nobody", async ({ page }) => {
  await page.goto(demoUrl("/alerts/channels"));
  await page.getByRole("button", { name: "New channel" }).first().click();
  const panel = page.getByRole("complementary", { name: "New channel" });
  await panel.getByLabel("Name").fill("Nobody");
  await panel.getByLabel("By", { exact: true }).selectOption("Webhook");
  await panel.getByLabel("Address").fill("https://192.0.2.1/hook?token=of-ours");
  await panel.getByLabel("Secret that signs what is sent").fill("a-secret-of-this-journey");
  await panel.getByRole("button", { name: "Make the channel" }).click();
  await page.getByRole("button", { name: "Test Nobody" }).click();
  await expect(page.getByRole("grid", { name: "Deliveries" })).toContainText("Test of a channel: Nobody");
  await settle(page);
  await expectAccessible(page);
  await expect(page.getByText(/of-ours|a-secret/)).toHaveCount(0);
});

test("an alert that nobody looks after climbs its chain to who is on call", async ({ page }) => {
  await page.goto(demoUrl("/alerts/on-call"));
  await page.getByRole("button", { name: "New schedule" }).first().click();
  const schedule = page.getByRole("complementary", { name: "New schedule" });
  await schedule.getByLabel("Name").fill("Weekdays");
  await schedule.getByLabel("Add a person").selectOption({ index: 1 });
  await schedule.getByRole("button", { name: "Make the schedule" }).click();
  await expect(page.getByTestId("sentence")).toContainText("is on call by Weekdays");
  await expect(page.getByRole("list", { name: "Who is on call by Weekdays" })).toContainText(/Mon|, from/);
  await settle(page);
  await expectAccessible(page);

  await page.getByRole("link", { name: "Escalations" }).click();
  await page.getByRole("button", { name: "New chain" }).first().click();
  const chain = page.getByRole("complementary", { name: "New chain" });
  await chain.getByLabel("Name").fill("Night");
  await chain.getByLabel("After minutes").fill("0");
  await chain.getByLabel("Step 1 tells").selectOption("Who is on call by Weekdays");
  await chain.getByRole("button", { name: "Make the chain" }).click();
  await expect(page.getByRole("grid", { name: "Chains" })).toContainText("at once Weekdays");
  await settle(page);
  await expectAccessible(page);

  await page.getByRole("link", { name: "Rules" }).click();
  await page.getByRole("button", { name: "New rule" }).first().click();
  const rule = page.getByRole("complementary", { name: "New rule" });
  await rule.getByLabel("Name").fill("Climbs");
  await rule.getByLabel("In", { exact: true }).selectOption("The month so far");
  await rule.getByLabel("Over, in USD").fill("2");
  await rule.getByLabel("While nobody looks after it").selectOption("Climbs Night");
  await rule.getByRole("button", { name: "Make the rule" }).click();
  await page.getByRole("link", { name: "Inbox" }).click();
  await page.getByRole("link", { name: /the threshold is 2\.00 USD/ }).click();
  await expect(page.getByRole("list", { name: "What happened" })).toContainText(
    /Step 1 of "Night" tells .*, who is on call by Weekdays\./,
  );
  await page.goto(demoUrl("/alerts/noise"));
  await expect(page.getByRole("grid", { name: "Noise" })).toContainText("Climbs");
  await settle(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page);
});
