import { demoState, demoUrl, expect, expectAccessible, test } from "./journey.ts";

test.use({ storageState: demoState });

test("the overview opens with the sentence, its figures, what it went to and what moved", async ({ page }) => {
  await page.goto(demoUrl());
  // On the last day of a month all of it is there.
  await expect(page.getByTestId("sentence")).toContainText(
    /stands at \$[\d,]+\.\d\d effective cost( to \d+ \w+)?, [\d,.]+ % (above|below) \w+ \d{4}( at this day)?; .+/,
  );
  const figures = page.getByRole("list", { name: "Figures" });
  for (const name of [/to date$|^\w+ \d{4}$/, /^Expected, end of/, "Savings", /^Without the tag/, "Data"])
    await expect(figures.getByRole("heading", { name }).first()).toBeVisible();
  await expect(figures.getByRole("listitem").filter({ hasText: "Expected" })).toContainText(/80 %: \$/);
  await expect(page.getByRole("img", { name: /^Effective cost by day and service/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "What moved" })).toContainText("$");
  await page.getByRole("region", { name: "Data health" }).scrollIntoViewIfNeeded();
  await expect(page.getByRole("grid", { name: "Top resources" })).toContainText("$");
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
  await page.getByRole("button", { name: /^Measure/ }).click();
  await page.getByRole("menuitemradio", { name: /^Billed cost/ }).click();
  await expect(page.getByRole("img", { name: /^Billed cost by month and team/ })).toBeVisible();
  const address = page.url();
  expect(address).toContain("measure=billedCost");
  // Old figures stay, under their own name, until the new ones are there; the sentence is whole with its cause.
  await expect(page.getByTestId("sentence")).toContainText(/billed cost.*; /);
  const total = await page.getByTestId("sentence").textContent();
  await page.goto(demoUrl("/bills"));
  await page.goto(address);
  await expect(page.getByTestId("sentence")).toHaveText(total!);
  await expect(page.getByRole("heading", { name: "By team" })).toBeVisible();
});

test("a group drills to what is behind it, everything follows, and back", async ({ page }) => {
  await page.goto(demoUrl("/?tables=%5B%22breakdown%22%5D"));
  const grid = page.getByRole("grid", { name: /by Service/ });
  await grid.focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const filters = page.getByRole("group", { name: "Filters" });
  await expect(filters).toContainText("Service");
  await expect(page.getByRole("grid", { name: /by Account/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "All costs" }).click();
  await expect(filters).toBeHidden();
  await page.goBack();
  await expect(filters).toContainText("Service");
});

test("a figure is a door to its proof, beside the page and in the address", async ({ page }) => {
  await page.goto(demoUrl());
  await page.getByTestId("sentence").getByRole("button").first().click();
  await expect(page.getByRole("complementary")).toContainText("From bill to figure");
  expect(page.url()).toContain("proof=");
  await expect(page.getByTestId("sentence")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toBeHidden();
  expect(page.url()).not.toContain("proof=");
});

test("the chart can be walked through by keyboard, and read as a table", async ({ page }) => {
  await page.goto(demoUrl("/?preset=last-month"));
  await page.getByRole("img", { name: /^Effective cost by day/ }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("status").filter({ hasText: "$" })).toBeVisible();
  await page.getByRole("group", { name: "Trend: shown as" }).getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("grid", { name: /^Trend by service/ })).toContainText(/\d{4}/);
  await expectAccessible(page);
});

test("a period without charges says what there is, and leads there", async ({ page }) => {
  await page.goto(demoUrl("/?from=2019-01-01&to=2019-02-01"));
  await expect(page.getByText("No charges in January 2019.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show the latest month" }).click();
  await expect(page.getByTestId("sentence")).toBeVisible();
});

test("the keyboard goes everywhere: palette, pages, help", async ({ page }) => {
  await page.goto(demoUrl());
  await expect(page.getByTestId("sentence")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("bigq");
  const found = page.getByRole("option", { name: /BigQuery/ }).first();
  await expect(found).toBeVisible();
  await expectAccessible(page);
  await found.click();
  await expect(page.getByRole("group", { name: "Filters" })).toContainText("BigQuery");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await expect(page.getByRole("heading", { name: "Bills", exact: true })).toBeVisible();
});

test("only hashed files are kept on the machine: never the page, never an answer of the API", async ({ page }) => {
  await page.goto(demoUrl());
  await expect(page.getByTestId("sentence")).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await expect(page.getByTestId("sentence")).toBeVisible();
  await expect
    .poll(() => page.evaluate(async () => (await caches.keys()).length), { message: "caches" })
    .toBeGreaterThan(0);
  const kept = await page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map((request) => new URL(request.url).pathname);
  });
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.filter((path) => !path.startsWith("/assets/"))).toEqual([]);
});
