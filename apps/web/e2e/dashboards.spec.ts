import { demoState, demoUrl, expect, expectAccessible, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a dashboard is made of a template, arranged by keyboard and shared, and is so after a reload", async ({
  page,
}) => {
  await page.goto(demoUrl("/dashboards"));
  await expectAccessible(page);
  const start = page.getByRole("button", { name: /^Leader/ });
  if (!(await start.isVisible())) await page.getByRole("button", { name: "New dashboard" }).click();
  await start.click();
  await expect(page.getByRole("heading", { level: 1, name: "Leader" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Spend this month" })).toContainText("$");
  await expect(page.getByRole("img", { name: /^Twelve months by provider/ })).toBeVisible();
  await settle(page);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Move or resize Spend this month" }).focus();
  await page.keyboard.press("ArrowDown");
  const tiles = page.getByTestId("tiles").getByRole("region");
  await expect(tiles.first()).not.toHaveAttribute("aria-label", "Spend this month");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(page.getByRole("status", { name: "Tiles" })).toContainText("3 high");
  await expectAccessible(page);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const order = await tiles.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));

  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /Everybody in the company/ }).check();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Share" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();

  await page.reload();
  await expect(tiles.first()).toBeVisible();
  expect(await tiles.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")))).toEqual(order);
  await page.getByRole("link", { name: "Dashboards" }).first().click();
  await expect(page.getByRole("row", { name: /Leader/ }).first()).toContainText("The company");
});

test("a tile is dragged to another place, and a new one is added beside its form", async ({ page }) => {
  await page.goto(demoUrl("/dashboards"));
  await page.getByRole("button", { name: "New dashboard" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Finance/ })
    .click();
  await page.getByRole("button", { name: "Edit" }).click();
  const tiles = page.getByTestId("tiles").getByRole("region");
  const handle = page.getByRole("button", { name: "Move or resize Billed last month" });
  const from = (await handle.boundingBox())!;
  const wide = (await tiles.nth(1).boundingBox())!.x - (await tiles.nth(0).boundingBox())!.x;
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 10, { steps: 3 });
  await page.mouse.move(from.x + 10 + wide, from.y + 10, { steps: 8 });
  await page.mouse.up();
  // What stood there makes room, so what was third comes second.
  await expect(tiles.nth(1)).toHaveAttribute("aria-label", "Negotiated savings this year");

  await page.getByRole("button", { name: "Add a tile" }).click();
  await page.getByRole("button", { name: /^Chart/ }).click();
  await page.getByLabel("Title", { exact: true }).fill("What services cost");
  await expect(page.getByRole("region", { name: "What services cost" }).getByRole("img").first()).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const)
  test(`tiles stand below each other on a phone, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(demoUrl("/dashboards"));
    await expectAccessible(page);
    await page.getByRole("link", { name: "Leader" }).first().click();
    const tiles = page.getByTestId("tiles").getByRole("region");
    await expect(tiles.first()).toContainText("$");
    const places = await tiles.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    expect(new Set(places).size).toBe(1);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, "scrolls sideways").toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
