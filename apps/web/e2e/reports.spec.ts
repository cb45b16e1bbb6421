import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a report is made of a template and run, and the run is kept as it was told", async ({ page }) => {
  await page.goto(demoUrl("/reports"));
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Month close/ }).click();
  await expect(page.getByRole("region", { name: "Billed and effective cost" })).toContainText("$");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Move By service" }).focus();
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("status", { name: "Order" })).toHaveText("By service: 4 of 6.");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Run now" }).click();

  const article = page.getByRole("article");
  await expect(article).toContainText(/Run 1, told on .* from what was published then/);
  await expect(article.getByRole("img", { name: /^Twelve months by provider/ })).toBeVisible();
  await expect(article.getByRole("row", { name: /^Total/ }).first()).toContainText("$");
  await expectAccessible(page);
  const told = await article.getByRole("region", { name: "Billed and effective cost" }).textContent();
  await page.reload();
  await expect(article.getByRole("region", { name: "Billed and effective cost" })).toHaveText(told!);
  await article.getByRole("link", { name: "See the figures of now" }).click();
  await expect(page.getByRole("link", { name: /^Run 1/ })).toBeVisible();
});

test("a run fits a phone and paper, dark as well", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(demoUrl("/reports"));
  await page.getByRole("link", { name: "Month close" }).first().click();
  await page.getByRole("link", { name: /^Run 1/ }).click();
  await expect(page.getByRole("article")).toContainText("Month close");
  await settle(page);
  await expectNoSideways(page);
  await expectAccessible(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation", { name: "Main" }).first()).toBeHidden();
  await expect(page.getByRole("button", { name: "Copy", exact: true }).first()).toBeHidden();
  await expect(page.locator("body")).toHaveCSS("color", "rgb(26, 27, 30)");
});
