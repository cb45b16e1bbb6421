import { demoState, demoUrl, expect, expectAccessible, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a month goes back to what it was, seen before it is done", async ({ page }) => {
  test.slow();
  await page.goto(demoUrl("/bills"));
  // A restated month stands out in its source's strip, and leads to its version.
  await page
    .getByRole("button", { name: /restated, version \d+/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: /version \d+$/ })).toBeVisible();
  await expect(page.getByRole("list", { name: "Days with usage" }).getByRole("img").first()).toBeVisible();
  await expect(page.getByText("What it changed")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Bill files", level: 2 })).toBeVisible();
  await expect(page.getByRole("heading", { name: "FOCUS conformance", level: 2 })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("definition").getByRole("button").first().click();
  const history = page.getByRole("button", { name: /\d+ earlier/ }).first();
  const before = await history.textContent();
  await history.click();
  await page.getByRole("button", { name: "Make current" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Everyone will see this month");
  await expect(dialog.getByRole("region", { name: "What would change" })).toContainText("Billed cost");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Make it current" }).click();
  await expect(dialog).toBeHidden();
  await expect(history).not.toHaveText(before!);
});
