import { demoState, demoUrl, expect, expectAccessible, test } from "./journey.ts";

test.use({ storageState: demoState });

test("the overview opens with the sentence, its figures, the trend and every group", async ({ page }) => {
  await page.goto(demoUrl());
  await expect(page.getByTestId("sentence")).toContainText(
    /stands at \$[\d,]+\.\d\d billed cost, [\d,.]+ % (above|below)/,
  );
  await expect(page.getByRole("button", { name: /^Effective cost/ })).toContainText("$");
  await expect(page.getByRole("img", { name: /^Billed cost by day and service/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /^Total of \d+/ })).toContainText("100.0 %");
  await expectAccessible(page);
});

test("what is chosen stands in the URL, and the URL brings it back", async ({ page }) => {
  await page.goto(demoUrl());
  await page.getByRole("button", { name: /^By Service/ }).click();
  await page.getByRole("combobox").fill("team");
  await expectAccessible(page);
  await page.getByRole("option", { name: "team", exact: true }).click();
  await page.getByRole("button", { name: /Period/ }).click();
  await page.getByRole("button", { name: /Last 6 months/ }).click();
  await page.getByRole("button", { name: /^Effective cost/ }).click();
  await expect(page.getByRole("img", { name: /^Effective cost by month and team/ })).toBeVisible();
  const address = page.url();
  expect(address).toContain("measure=effectiveCost");
  const total = await page.getByTestId("sentence").textContent();
  await page.goto(demoUrl("/bills"));
  await page.goto(address);
  await expect(page.getByTestId("sentence")).toHaveText(total!);
  await expect(page.getByRole("columnheader", { name: "team" })).toBeVisible();
});

test("a figure drills to what is behind it, and back", async ({ page }) => {
  await page.goto(demoUrl());
  const first = page
    .getByRole("region", { name: /by Service/ })
    .getByRole("button", { name: /^(?!Service|Billed|Share|Change|\d)/ })
    .first();
  const service = await first.textContent();
  await first.click();
  await expect(page.getByRole("group", { name: "Filters" })).toContainText(service!);
  await expect(page.getByRole("columnheader", { name: "Account" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Remove the filter/ }).click();
  await expect(page.getByRole("group", { name: "Filters" })).toBeHidden();
  await page.goBack();
  await expect(page.getByRole("group", { name: "Filters" })).toContainText(service!);
});

test("the chart can be walked through by keyboard, and read as a table", async ({ page }) => {
  await page.goto(demoUrl("/?preset=last-month"));
  await page.getByRole("img", { name: /^Billed cost by day/ }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("status").filter({ hasText: "$" })).toBeVisible();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page.getByRole("rowheader").first()).toContainText(/\d{4}/);
  await expectAccessible(page);
});

test("a period without charges says what there is, and leads there", async ({ page }) => {
  await page.goto(demoUrl("/?from=2019-01-01&to=2019-02-01"));
  await expect(page.getByText("No charges in January 2019.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show the latest month" }).click();
  await expect(page.getByTestId("sentence")).toBeVisible();
});
