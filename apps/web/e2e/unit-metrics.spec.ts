import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

/** `2026-11` of the day that is `months` away from today. */
function monthAway(months: number): string {
  const today = new Date();
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + months, 1)).toISOString().slice(0, 7);
}

test("a metric is made of pasted values, a budget follows it, and moves with a value", async ({ page }) => {
  test.slow();
  const name = `Orders ${Date.now()}`;
  await page.goto(demoUrl("/unit-metrics"));
  await page.getByRole("button", { name: "New unit metric" }).first().click();
  const making = page.getByRole("complementary", { name: "New unit metric" });
  await making.getByLabel("Name").fill(name);
  await making.getByLabel("One of it is called").fill("order");
  await making.getByLabel("Several are called").fill("orders");
  await settle(page);
  await expectAccessible(page, "all but colours");
  await making.getByRole("button", { name: "Make the unit metric" }).click();

  await expect(page.getByRole("heading", { name })).toBeVisible();
  await page.getByRole("button", { name: "Write values" }).click();
  const writing = page.getByRole("complementary", { name: `Values of ${name}` });
  const pasted = writing.getByLabel(/^The values/);
  await pasted.fill(`${monthAway(-1)}\t12OO`);
  await expect(writing.getByRole("alert")).toContainText('Row 1: "12OO" is text');
  const rows = [`${monthAway(-2)}\t1000`, `${monthAway(-1)}\t1250`, `${monthAway(0)}\t2000\tplanned`];
  await pasted.fill(["Month\tOrders", ...rows].join("\n"));
  await writing.getByRole("button", { name: "Save 3 months" }).click();
  await expect(page.getByTestId("sentence")).toContainText(/^One order cost \$[\d,.]+ in .* with 1,250 orders\.$/);
  await expect(page.getByRole("table", { name: "Values" }).getByRole("row")).toHaveCount(4);
  await settle(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  const address = page.url();

  await page.goto(demoUrl("/budgets?edit=yes"));
  const panel = page.getByRole("complementary", { name: "New budget" });
  await panel.getByLabel("Name").fill(`Shop ${name}`);
  await panel.getByLabel("Amount").selectOption("Following a unit metric");
  await panel.getByLabel("Unit metric").selectOption(name);
  await panel.getByLabel("USD for each order").fill("0.40");
  await expect(panel.getByRole("region", { name: "Preview" })).toContainText("of $800.00");
  await settle(page);
  await expectAccessible(page, "all but colours");
  await panel.getByRole("button", { name: "Make the budget" }).click();
  await expect(page.getByRole("heading", { name: `Shop ${name}` })).toBeVisible();
  await expect(page.getByTestId("sentence")).toContainText("of $800.00");
  await expect(page.getByText("$0.40 for each order: 2,000 planned orders")).toBeVisible();
  const budget = page.url();

  await page.getByRole("link", { name, exact: true }).click();
  await expect(page).toHaveURL(address);
  await page
    .getByRole("button", { name: /^Change [A-Z]/ })
    .first()
    .click();
  await expect(pasted).toHaveValue(`${monthAway(0)}\t2000\tplanned`);
  await pasted.fill(`${monthAway(0)}\t3000\tplanned`);
  await writing.getByRole("button", { name: "Save 1 month" }).click();
  await expect(page.getByRole("table", { name: "Values" })).toContainText("3,000 orders");
  await page.goto(budget);
  await expect(page.getByTestId("sentence")).toContainText("of $1,200.00");
  await expect(page.getByRole("list", { name: "Versions" })).toContainText(`The unit metric ${name} was changed`);
  await settle(page);
  await expectAccessible(page);

  await page.goto(address);
  await page
    .getByRole("button", { name: /^Take the value of/ })
    .first()
    .click();
  await page.goto(budget);
  await expect(page.getByTestId("sentence")).toContainText(`without a limit. The unit metric ${name} has no value of`);
  await expect(page.getByText("No limit", { exact: true }).first()).toBeVisible();
});
