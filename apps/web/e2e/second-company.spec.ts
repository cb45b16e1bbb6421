import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { demoState, demoUrl, expect, expectReadable, mailedLink, test } from "./journey.ts";
import { signInAnew } from "./operator.ts";

test.use({ storageState: demoState });

const bill = join(dirname(fileURLToPath(import.meta.url)), "bills/focus-1.2-small.csv");
const account = "200000000012";

/** What a bill says that an account cost, added up in thousandths without any code of ours. */
function sumOf(path: string, subAccountId: string): bigint {
  const [head, ...lines] = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.replaceAll(/"(?:[^"]|"")*"/g, "text").split(","));
  const at = (name: string) => head!.indexOf(name);
  return lines
    .filter((line) => line[at("SubAccountId")] === subAccountId)
    .reduce((sum, line) => sum + thousandths(line[at("EffectiveCost")]!), 0n);
}

function thousandths(amount: string): bigint {
  const [whole, part = ""] = amount.split(".");
  return BigInt(`${whole}${part.slice(0, 3).padEnd(3, "0")}`);
}

test("a second company, its bill, its team, and a viewer who sees that team's costs and no others", async ({
  page,
  browser,
}) => {
  test.slow();
  await signInAnew(page);
  await page.goto(demoUrl("/welcome"));
  await expect(page.getByRole("heading", { name: "Getting started" })).toBeVisible();
  await page.goto(demoUrl("/welcome?make=company"));
  await page.getByLabel("Name of the company").fill("Northwind Traders");
  await expect(page.getByLabel("Subdomain")).toHaveValue("northwind-traders");
  await page.getByLabel("Subdomain").fill("admin");
  await expect(page.getByText(/is kept for the platform itself/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Make the company" })).toBeDisabled();
  await page.getByLabel("Subdomain").fill("northwind");
  await page.getByLabel("Currency").selectOption("EUR");
  await page.getByLabel("Fiscal year starts in").selectOption("April");
  await expectReadable(page);
  await page.getByRole("button", { name: "Make the company" }).click();

  // In the company that was made, at its first steps.
  await expect(page.getByRole("heading", { name: "Getting started" })).toBeVisible();
  await expect(page.getByTestId("sentence")).toHaveText("2 steps are left.");
  await expectReadable(page);
  await page.getByRole("link", { name: "Import a bill" }).click();
  await page.getByLabel("Bill files").setInputFiles(bill);
  await page.getByRole("button", { name: "Import", exact: true }).click({ timeout: 60_000 });
  await expect(page.getByRole("article", { name: /^Report of/ })).toContainText("Every row is accounted for", {
    timeout: 60_000,
  });

  await page.goto(demoUrl("/organisation"));
  await page.getByRole("button", { name: "New unit" }).first().click();
  const unit = page.getByRole("complementary");
  await unit.getByLabel("Name").fill("Web team");
  await unit.getByLabel("Name").press("Enter");
  await unit.getByRole("button", { name: "Add an account" }).click();
  await page.getByRole("combobox", { name: "Find" }).fill(account);
  await page.getByRole("option", { name: new RegExp(`^${account}`) }).click();
  await expect(page.getByRole("treeitem", { name: /^Web team/ })).toHaveAccessibleName(/1 accounts/);

  await page.goto(demoUrl("/people?invite=yes"));
  const panel = page.getByRole("complementary", { name: "Invite a person" });
  await panel.getByLabel("E-mail address").fill("wanda@northwind.example");
  await panel.getByLabel("Role").selectOption("viewer");
  await panel.getByLabel("Unit").selectOption({ label: "Web team" });
  await panel.getByRole("button", { name: "Limit" }).click();
  const editor = page.getByRole("dialog", { name: "Filter" });
  await editor.getByRole("button", { name: "Text" }).click();
  await editor.getByRole("textbox").fill(`subAccountId = '${account}'`);
  await editor.getByRole("button", { name: "Apply" }).click();
  await panel.getByRole("button", { name: "Send the invitation" }).click();
  const waiting = page.getByRole("region", { name: "Invited, and not here yet" });
  await expect(waiting).toContainText("wanda@northwind.example");
  await expectReadable(page);

  // The link that was sent before works no more.
  const first = await mailedLink("wanda@northwind.example");
  await waiting.getByRole("button", { name: /^Send the mail/ }).click();
  await expect.poll(() => mailedLink("wanda@northwind.example")).not.toBe(first);
  const theirs = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const hers = await theirs.newPage();
  await hers.goto(await mailedLink("wanda@northwind.example"));
  await expect(hers.getByText("Sign in to Northwind Traders as wanda@northwind.example.")).toBeVisible();
  await hers.getByRole("button", { name: "Sign in" }).click();

  const figure = hers.getByTestId("sentence").locator("data").first();
  await expect(figure).toBeVisible();
  expect(thousandths((await figure.getAttribute("value"))!)).toBe(sumOf(bill, account));
  await expect(hers.getByText("A part of the company's costs")).toBeVisible();
  await expect(hers.getByRole("link", { name: "Settings" })).toHaveCount(0);
  await expectReadable(hers);
  await hers.goto(demoUrl("/profile"));
  await expect(hers.getByRole("list", { name: "Sessions" })).toContainText("This one");
  await expectReadable(hers);

  // Signing out in one tab signs the other out too.
  const other = await theirs.newPage();
  await other.goto(demoUrl("/"));
  await expect(other.getByTestId("sentence")).toBeVisible();
  await hers.getByRole("button", { name: "wanda@northwind.example" }).click();
  await hers.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  for (const tab of [hers, other])
    await expect(tab.getByRole("heading", { name: "Sign in to see your costs" })).toBeVisible();
  await expectReadable(other);
  await theirs.close();

  await page.reload();
  await expect(page.getByRole("grid", { name: "People" })).toContainText("wanda@northwind.example");
  await expect(waiting).toHaveCount(0);
});

for (const [title, path] of [
  ["Settings", "/settings"],
  ["Signing in", "/settings/access"],
  ["API keys", "/settings/keys"],
  ["Profile and sessions", "/profile"],
] as const)
  test(`${title} can be read at any width`, async ({ page }) => {
    await page.goto(demoUrl(path));
    await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
    await expectReadable(page);
  });

test("a key is shown once, and revoked", async ({ page }) => {
  await page.goto(demoUrl("/settings/keys"));
  await page.getByLabel("Name of a key").fill("Nightly export");
  await page.getByRole("button", { name: "Make the key" }).click();
  const notice = page.getByText(/^The key “Nightly export”\. Copy it now/);
  await expect(notice).toBeVisible();
  const keys = page.getByRole("list", { name: "API keys" });
  await expect(keys).toContainText("Nightly export");
  await page.reload();
  await expect(keys).toContainText("Nightly export");
  await expect(notice).toHaveCount(0);
  await keys.getByRole("button", { name: "Revoke Nightly export" }).click();
  await expect(keys).toContainText("Revoked");
});
