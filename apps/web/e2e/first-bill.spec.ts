import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { emptyUrl, expect, expectAccessible, test } from "./journey.ts";

const bill = join(dirname(fileURLToPath(import.meta.url)), "bills/focus-1.2-small.csv");

test("from the printed link to the first chart of one's own bill", async ({ page }) => {
  test.slow();
  await page.goto(emptyUrl());
  await expect(page.getByRole("heading", { name: "Sign in to see your costs" })).toBeVisible();
  await expectAccessible(page);

  await page.goto(process.env["E2E_EMPTY_LINK"]!);
  await expect(page.getByRole("heading", { name: "No bill has come in yet" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Import a bill" }).click();
  await expect(page.getByRole("heading", { name: "Bills", exact: true })).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Bill files").setInputFiles(bill);

  // What it is believed to be, and why, before anything is imported; a reload loses nothing of it.
  await expect(page.getByText("A new source")).toBeVisible({ timeout: 60_000 });
  await page.reload();
  const step = page.getByRole("article");
  await expect(step).toContainText("FOCUS", { timeout: 60_000 });
  await expect(step).toContainText("Oct 2026");
  await expect(step).toContainText("USD");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Import", exact: true }).click();

  const report = page.getByRole("article", { name: /^Report of/ });
  await expect(report).toBeVisible({ timeout: 60_000 });
  await expect(report).toContainText("Every row is accounted for");
  await expect(report).toContainText("Adds up to the last digit");
  await expect(report.getByRole("definition").filter({ hasText: "$170.75" }).first()).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Overview" }).first().click();
  await expect(page.getByTestId("sentence")).toContainText(/October 2026|Oct/);
  await expect(page.getByTestId("sentence")).toContainText("$170.75");
  await expect(page.getByRole("img", { name: /^Effective cost by day and service/ })).toBeVisible();
  await page.getByRole("region", { name: "By service" }).getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("row", { name: /^Amazon Elastic Compute Cloud/ })).toContainText("$120.50");
  await expectAccessible(page);

  await page.goto(emptyUrl("/bills"));
  await page.getByLabel("Bill files").setInputFiles(bill);
  await expect(page.getByText("The very same bill is here already.")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("This bill is here already: nothing has changed.")).toBeVisible({ timeout: 60_000 });
});
