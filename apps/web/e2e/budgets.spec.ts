import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a budget is made, is over, and its figure leads to the charges", async ({ page }) => {
  await page.goto(demoUrl("/budgets"));
  await page.getByRole("button", { name: "New budget" }).first().click();
  const panel = page.getByRole("complementary", { name: "New budget" });
  await panel.getByLabel("Name").fill("All clouds");
  await panel.getByLabel("For", { exact: true }).selectOption("Each year");
  await panel.getByLabel("In USD").fill("1.00");
  await expect(panel.getByRole("region", { name: "Preview" })).toContainText("Over");
  await expectAccessible(page, "all but colours");
  await panel.getByRole("button", { name: "Make the budget" }).click();

  await expect(page.getByRole("heading", { name: "All clouds" })).toBeVisible();
  // The server works it out, and the page hears of it.
  await expect(page.getByTestId("sentence")).toContainText(/stands at \$[\d,.]+ of \$1\.00/);
  await expect(page.getByText("Over", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("img", { name: /is left/ })).toBeVisible();
  await settle(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  const spent = await page.getByTitle("Opens the explorer").textContent();
  await page.getByTitle("Opens the explorer").click();
  await expect(page).toHaveURL(/\/explorer/);
  await expect(page.getByTestId("sentence")).toContainText(spent!);
});
