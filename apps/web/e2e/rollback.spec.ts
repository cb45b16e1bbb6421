import { demoState, demoUrl, expect, expectAccessible, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a month goes back to what it was, and forth again", async ({ page }) => {
  await page.goto(demoUrl("/bills"));
  const history = page.getByRole("button", { name: /\d+ earlier/ }).first();
  const before = await history.textContent();
  await history.click();
  await page.getByRole("button", { name: "Make current" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Everyone will see this month");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Make it current" }).click();
  await expect(dialog).toBeHidden();
  await expect(history).not.toHaveText(before!);
});
