import { demoState, demoUrl, expect, expectAccessible, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a key of a service account is limited to a part of the costs", async ({ page }) => {
  await page.goto(demoUrl("/settings/keys"));
  await page.getByLabel("Name of a service account").fill("Nightly loader");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("list", { name: "Service accounts" })).toContainText("Nightly loader");
  await page.getByLabel("Name of a key").fill("Loader's key");
  await page.getByLabel("Belongs to").selectOption({ label: "Nightly loader (Viewer)" });
  await page.getByRole("button", { name: "Limit" }).first().click();
  const editor = page.getByRole("dialog", { name: "Filter" });
  await editor.getByRole("button", { name: "Text" }).click();
  await editor.getByRole("textbox").fill("subAccountId = '204918365571'");
  await editor.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Make the key" }).click();
  const keys = page.getByRole("list", { name: "API keys" });
  await expect(keys.getByRole("listitem").filter({ hasText: "Loader's key" })).toContainText(
    "sees Account 204918365571",
  );
  await expectAccessible(page);
});

test("somebody says what they are called themselves", async ({ page }) => {
  await page.goto(demoUrl("/profile"));
  const field = page.getByLabel("Your name");
  const before = await field.inputValue();
  for (const name of ["Nour El-Sayed", before]) {
    await field.fill(name);
    await field.press("Enter");
    await expect(page.getByRole("navigation", { name: "Main" }).getByRole("button", { name })).toBeVisible();
  }
});

test("the press that opens the person's menu chooses nothing in it, wherever it ends", async ({ page }) => {
  await page.goto(demoUrl("/profile"));
  await page.getByRole("button", { name: /^Owner of / }).hover();
  await page.mouse.down();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).hover();
  await page.mouse.up();
  await expect(page.getByRole("menuitem", { name: "Sign out", exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Your name")).toBeVisible();
});
