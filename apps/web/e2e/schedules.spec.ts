import { readFileSync } from "node:fs";
import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a saved view is scheduled, sent to oneself now, and arrives as a mail with its files", async ({ page }) => {
  await page.goto(demoUrl("/explorer?period=last-month&by=serviceName&v=1"));
  await page.getByRole("button", { name: "Save as" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Last month by service");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /^Last month by service/ }).click();
  await page.getByRole("button", { name: "More for Last month by service" }).click();
  await page.getByRole("menuitem", { name: "Send on schedule" }).click();

  const panel = page.getByRole("complementary", { name: "New schedule" });
  await expect(panel.getByLabel("Saved view")).toHaveValue(/.+/);
  await panel.getByLabel("Name, and subject of the mail").fill("Costs of the month");
  await panel.getByLabel("A PDF").check();
  await panel.getByLabel("CSV, with every digit").check();
  await panel.getByRole("button", { name: "Make the schedule" }).click();
  await expect(page.getByTestId("sentence")).toContainText(/schedules? (is|are) on; the next is /);
  await expect(page.getByRole("grid", { name: "Schedules" })).toContainText("Costs of the month");

  await page.getByRole("grid", { name: "Schedules" }).getByText("Costs of the month").click();
  await page.getByRole("button", { name: "Send to me now" }).click();
  await expect(page.getByRole("list", { name: "What was sent" })).toContainText("Sent");
  const printed = readFileSync(process.env["E2E_DEMO_PRINTED"]!, "utf8");
  expect(printed).toMatch(/Mail to .*: Costs of the month/);
  expect(printed).toMatch(/With costs-of-the-month\.pdf, \d{5,} bytes/);
  // The list is read anew with what was sent.
  await expect(page.getByRole("grid", { name: "Schedules" })).toContainText(/GMT-\dSent/);
  await settle(page);
  await page.getByRole("button", { name: "Pause Costs of the month" }).click();
  await expect(page.getByRole("grid", { name: "Schedules" })).toContainText("Paused");
  await settle(page);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "colours");
  await page.setViewportSize({ width: 390, height: 844 });
  await settle(page);
  await expectNoSideways(page);
});

test("the link of a mail that had no room for a table leads to its file", async ({ page }) => {
  await page.route("**/api/v1/schedules/runs/*/tables/1", (route) =>
    route.fulfill({ contentType: "text/csv", body: "serviceName,billedCost\nWeb,1\n" }),
  );
  await page.goto(demoUrl("/reports/schedules?file=0190a0a0-0000-7000-8000-000000000000.1"));
  await expect(page.getByText("A table of a mail")).toBeVisible();
  await settle(page);
  await expectAccessible(page);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Get the file" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("costs.csv");
  await expect(page.getByText("The file is in your downloads")).toBeVisible();
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "colours");
  await page.setViewportSize({ width: 390, height: 844 });
  await settle(page);
  await expectNoSideways(page);
});
