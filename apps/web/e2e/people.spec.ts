import type { Page } from "@playwright/test";
import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, mailedLink, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

const widths = [1440, 1024, 390];
const amountOf = (page: Page) => page.getByTestId("sentence").locator("data").first();

async function readAt(page: Page, path: string, arrived: () => Promise<void>): Promise<void> {
  await page.goto(demoUrl(path));
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    await arrived();
    await settle(page);
    await expectNoSideways(page);
    await expectAccessible(page);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "colours");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: widths[0]!, height: 900 });
}

test("somebody is invited to one account's costs, and sees that part only, and that it is one", async ({
  page,
  browser,
}) => {
  await page.goto(demoUrl("/people"));
  await page.getByRole("button", { name: "Invite" }).click();
  const panel = page.getByRole("complementary", { name: "Invite a person" });
  await panel.getByLabel("E-mail address").fill("vera@harborline.example");
  await panel.getByLabel("Role").selectOption("viewer");
  await panel.getByRole("button", { name: "Limit" }).click();
  const editor = page.getByRole("dialog", { name: "Filter" });
  await editor.getByRole("button", { name: "Text" }).click();
  await editor.getByRole("textbox").fill("subAccountId = '204918365571'");
  await expectAccessible(page);
  await editor.getByRole("button", { name: "Apply" }).click();
  await expect(panel).toContainText("Account 204918365571");
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Send the invitation" }).click();
  await expect(page.getByRole("region", { name: "Invited, and not here yet" })).toContainText(
    "vera@harborline.example",
  );

  await page.goto(demoUrl("/?preset=last-month"));
  const whole = Number(await amountOf(page).getAttribute("value"));
  const theirs = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const hers = await theirs.newPage();
  await hers.goto(await mailedLink("vera@harborline.example"));
  await hers.getByRole("button", { name: "Sign in" }).click();
  await expect(hers).toHaveURL(demoUrl("/"));
  await hers.goto(demoUrl("/?preset=last-month"));
  await expect(hers.getByText("A part of the company's costs")).toBeVisible();
  const part = Number(await amountOf(hers).getAttribute("value"));
  expect(part).toBeGreaterThan(0);
  expect(part).toBeLessThan(whole);
  await expect(hers.getByRole("link", { name: "Explorer" })).toBeVisible();
  await expect(hers.getByRole("link", { name: "People" })).toHaveCount(0);
  await expectAccessible(hers);
  await hers.goto(demoUrl("/people"));
  await expect(hers.getByRole("alert")).toContainText("members:read");
  await theirs.close();
});

test("what the server refuses is taken back with its reason", async ({ browser }) => {
  const context = await browser.newContext({ storageState: demoState });
  // A page of its own: the browser writes a refused request into its console, which is a failure elsewhere.
  const page = await context.newPage();
  await page.goto(demoUrl("/people"));
  await page.getByRole("grid", { name: "People" }).getByText("owner@demo.example").click();
  const panel = page.getByRole("complementary", { name: /^Owner of/ });
  await panel.getByLabel("Role in the company").selectOption("viewer");
  await expect(page.getByRole("status", { name: "Messages" })).toContainText("This is the last owner of the company.");
  await expect(panel.getByLabel("Role in the company")).toHaveValue("owner");
  await context.close();
});

test("people get access together, until a day, and lose it when it is revoked", async ({ page }) => {
  await page.goto(demoUrl("/people/groups"));
  await page.getByRole("button", { name: "New group" }).click();
  const panel = page.getByRole("complementary", { name: "New group" });
  await panel.getByLabel("Name").fill("Auditors of the year");
  await panel.getByLabel("Name").press("Enter");
  const group = page.getByRole("complementary", { name: "Auditors of the year" });
  await group.getByRole("button", { name: "Add a person" }).click();
  await page.getByRole("combobox", { name: "Find" }).fill("Vera");
  await page.getByRole("option", { name: "vera@harborline.example" }).click();
  await expect(group.getByRole("button", { name: "Take out vera@harborline.example" })).toBeVisible();
  await expectAccessible(page);

  await group.getByRole("link", { name: "Give access" }).click();
  const give = page.getByRole("complementary", { name: "Give access" });
  await expect(give.getByLabel("To", { exact: true })).toHaveValue(/^group:/);
  await give.getByLabel("Role").selectOption("auditor");
  await give.getByLabel("Why").fill("Closing of the year");
  await give.getByRole("button", { name: "Give it" }).click();
  const grants = page.getByRole("grid", { name: "Grants" });
  const line = grants.getByRole("row", { name: /Auditors of the year/ });
  await expect(line).toContainText("In force");

  await page.goto(demoUrl("/people/who-can?permission=audit:read"));
  const vera = page.getByRole("row", { name: /vera@harborline.example/ });
  await expect(vera).toContainText("Auditor, given to the group Auditors of the year");

  await page.goto(demoUrl("/people/grants"));
  await line.getByRole("button", { name: /^Revoke/ }).click();
  await expect(line).toHaveCount(0);
  // It was the only one that there was.
  await page.getByRole("button", { name: "Show those that ended" }).click();
  await expect(line).toContainText("Revoked");
  await page.goto(demoUrl("/people/who-can?permission=audit:read"));
  await expect(page.getByTestId("sentence")).toBeVisible();
  await expect(vera).toHaveCount(0);
});

test("a role of one's own shows what it would mean for somebody before it is kept", async ({ page }) => {
  await page.goto(demoUrl("/roles"));
  await page.getByRole("button", { name: "New role" }).click();
  const panel = page.getByRole("complementary", { name: "New role" });
  await panel.getByLabel("Name").fill("Month closer");
  await expect(panel).toContainText("Its key will be month-closer");
  await panel.getByRole("button", { name: "Choose a person" }).click();
  await page.getByRole("combobox", { name: "Find" }).fill("Vera");
  await page.getByRole("option", { name: "vera@harborline.example" }).click();
  const preview = panel.getByRole("list", { name: "With this role" });
  await expect(preview.getByRole("listitem").filter({ hasText: "See costs" })).toContainText("Lost");
  await panel.getByLabel("costs:read").check();
  await panel.getByLabel("exports:write").check();
  await panel.getByLabel("imports:write").check();
  await expect(preview.getByRole("listitem").filter({ hasText: "See costs" })).not.toContainText("Lost");
  await expect(preview.getByRole("listitem").filter({ hasText: "Export cost data" })).toContainText("New");
  await expect(preview.getByRole("listitem").filter({ hasText: "Import, reprocess" })).toHaveCount(0);
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Make the role" }).click();
  const made = page.getByRole("complementary", { name: "Month closer" });
  await expect(made.getByRole("button", { name: "Save" })).toBeDisabled();
  await made.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("grid", { name: "Roles" }).getByText("Month closer")).toHaveCount(0);
});

test("units are made, moved by keyboard and by pointer, and have accounts and people", async ({ page }) => {
  await page.goto(demoUrl("/organisation"));
  const make = async (name: string) => {
    await page.getByRole("button", { name: "New unit" }).first().click();
    const panel = page.getByRole("complementary", { name: /^New unit/ });
    await panel.getByLabel("Name").fill(name);
    await panel.getByLabel("Name").press("Enter");
    await expect(page.getByRole("treeitem", { name: new RegExp(`^${name}`) })).toBeVisible();
  };
  await make("Xylophones");
  await make("Yachts");
  const xylophones = page.getByRole("treeitem", { name: /^Xylophones/ });
  const yachts = page.getByRole("treeitem", { name: /^Yachts/ });

  const panel = page.getByRole("complementary", { name: "Yachts" });
  await panel.getByRole("button", { name: "Add an account" }).click();
  await page.getByRole("combobox", { name: "Find" }).fill("150382");
  await page.getByRole("option", { name: /^150382947761/ }).click();
  await panel.getByRole("button", { name: "Add a person" }).click();
  await page.getByRole("combobox", { name: "Find" }).fill("Vera");
  await page.getByRole("option", { name: /^vera@harborline.example/ }).click();
  await expect(yachts).toHaveAccessibleName(/1 accounts, 1 people/);
  await expectAccessible(page);

  await yachts.focus();
  await page.keyboard.press("Shift+ArrowRight");
  await expect(page.getByRole("status", { name: "Moved" })).toHaveText("Yachts is in Xylophones.");
  await expect(yachts).toHaveAttribute("aria-level", "2");
  await expect(yachts).toBeFocused();
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(yachts).toHaveAttribute("aria-level", "1");
  await page.keyboard.press("ArrowUp");
  await expect(xylophones).toBeFocused();

  await yachts.hover();
  await yachts.getByTitle("Draw it onto another unit").hover();
  await page.mouse.down();
  const target = (await xylophones.boundingBox())!;
  await page.mouse.move(target.x + 200, target.y + target.height / 2, { steps: 8 });
  // A person lets go where the page says that it would take it.
  await expect(xylophones).toHaveClass(/bg-accent-soft/);
  // Shown at once, and kept once it is answered.
  const kept = page.waitForResponse(
    (answer) => answer.request().method() === "PATCH" && answer.url().includes("/units/"),
  );
  await page.mouse.up();
  await expect(yachts).toHaveAttribute("aria-level", "2");
  await kept;
  await page.reload();
  await expect(yachts).toHaveAttribute("aria-level", "2");
  await expect(yachts).toHaveAccessibleName(/1 accounts, 1 people/);
});

for (const [title, path] of [
  ["People", "/people"],
  ["Groups", "/people/groups"],
  ["Grants", "/people/grants?give=somebody"],
  ["Who can", "/people/who-can"],
  ["Roles", "/roles?role=viewer"],
  ["Organisation", "/organisation"],
] as const)
  test(`${title} can be read at any width`, async ({ page }) => {
    await readAt(page, path, async () => expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible());
  });
