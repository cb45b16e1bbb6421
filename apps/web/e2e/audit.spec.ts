import { readFile } from "node:fs/promises";
import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a change is found in the audit, with what was before and after", async ({ page }) => {
  await page.goto(demoUrl("/people/groups"));
  await page.getByRole("button", { name: "New group" }).first().click();
  const name = page.getByRole("complementary", { name: /^New group/ }).getByLabel("Name");
  await name.fill("Watched group");
  // The page shows the new name before the server has it.
  const renamed = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await name.press("Enter");
  await expect(page.getByRole("complementary", { name: "Watched group" })).toBeVisible();
  await renamed;

  await page.goto(demoUrl("/audit"));
  const entries = page.getByRole("grid", { name: "Entries" });
  await page.getByLabel("Find in entries").fill("Watched group");
  await expect(page).toHaveURL(/text=Watched/);
  await entries
    .getByRole("row", { name: /changed a group Watched group/i })
    .first()
    .click();
  const entry = page.getByRole("complementary", { name: /changed a group/ });
  await expect(entry.getByRole("row", { name: "name − New group + Watched group" })).toBeVisible();
  await expect(entry).toContainText("group.changed");
  await expectAccessible(page);
  await page.reload();
  await expect(entry).toContainText("group.changed");
  await entry.getByRole("button", { name: "The whole request" }).click();
  await expect(page.getByLabel("Find in entries")).not.toHaveValue("Watched group");
  await expect(entry).toContainText("group.changed");
});

test("entries are filtered by what, how and when, and go out as CSV", async ({ page }) => {
  await page.goto(demoUrl("/audit"));
  const entries = page.getByRole("grid", { name: "Entries" });
  await page.getByRole("button", { name: /^What/ }).click();
  await page.getByRole("combobox").fill("Groups");
  await page.getByRole("option", { name: "Groups" }).click();
  await expect(page).toHaveURL(/action=group/);
  await expect(entries).toContainText(/made a group/i);
  await expect(entries).not.toContainText(/signed in/i);
  await page.getByRole("button", { name: /^By way of/ }).click();
  await page.getByRole("menuitemradio", { name: "API key" }).click();
  await expect(page.getByText("No entry is like that.")).toBeVisible();
  await page.getByRole("button", { name: "Clear all" }).click();
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await expect(page.getByText("No entry is like that.")).toBeVisible();
  await page.getByRole("button", { name: "Clear all" }).click();

  await page.getByRole("button", { name: /^What/ }).click();
  await page.getByRole("combobox").fill("made a group");
  await page.getByRole("option", { name: "made a group" }).click();
  await expect(page).toHaveURL(/action=group\.created/);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  const csv = await readFile(await file.path(), "utf8");
  expect(csv).toMatch(/^sequence,at,actorKind/);
  expect(csv).toContain("group.created");
  expect(csv).not.toContain("group.changed");
});

test("the chain is verified, and old entries can be put away", async ({ page }) => {
  await page.goto(demoUrl("/audit"));
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByRole("status").filter({ hasText: "are there as they were written" })).toContainText(
    /Hash of the newest entry: [0-9a-f]{64}/,
  );
  await expectAccessible(page);
  await page.getByRole("button", { name: "Put old entries into files" }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Put them away" }).click();
  await expect(page.getByText("Nothing is so old.")).toBeVisible();
});

test("the audit can be read at any width", async ({ page }) => {
  await page.goto(demoUrl("/audit"));
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(page.getByRole("region", { name: "Entries" })).toContainText(/signed in/i);
    await settle(page);
    await expectNoSideways(page);
    await expectAccessible(page);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "colours");
});
