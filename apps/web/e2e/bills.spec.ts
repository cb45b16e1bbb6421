import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { demoState, demoUrl, expect, expectAccessible, test } from "./journey.ts";

test.use({ storageState: demoState });

const bill = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "bills/focus-1.2-small.csv"), "utf8");
const csv = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

test("a CSV of one's own is read by saying what its columns are", async ({ page }) => {
  await page.goto(demoUrl("/bills"));
  await page
    .getByLabel("Bill files")
    .setInputFiles(csv("shop.csv", "Day,Amount,Thing\n2026-05-01,1.50,Desk\n2026-05-02,2.50,Chair\n"));
  await expect(page.getByRole("alert").filter({ hasText: "no bill that is known" })).toBeVisible({ timeout: 40_000 });
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
  await page.getByLabel("Who sends this bill").fill("Corner shop");
  await page.getByLabel("Currency of the whole file").fill("usd");
  await expect(page.getByLabel("Cost, needed")).toHaveValue("Amount");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Read it like this" }).click();
  await expect(page.getByText("A new source")).toBeVisible({ timeout: 40_000 });
  await page.getByRole("button", { name: "Discard the upload" }).click();
  await expect(page.getByText("Drop bills anywhere on this page")).toBeVisible();
});

test("a currency that the bill does not say is asked for", async ({ page }) => {
  await page.goto(demoUrl("/bills"));
  await page.getByLabel("Bill files").setInputFiles(csv("no-currency.csv", bill.replace("BillingCurrency", "Money")));
  await page.getByLabel("The bill does not say its currency. Which is it?").selectOption("EUR", { timeout: 40_000 });
  await expect(page.getByRole("definition").filter({ hasText: "EUR" })).toBeVisible({ timeout: 40_000 });
  await page.getByRole("button", { name: "Discard the upload" }).click();
  await expect(page.getByText("Drop bills anywhere on this page")).toBeVisible();
});

test("a folder is dropped anywhere, and can be taken back while it is sent", async ({ page }) => {
  await page.goto(demoUrl("/bills"));
  await expect(page.getByText("Drop bills anywhere on this page")).toBeVisible();
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "october.csv", { type: "text/csv" }));
    return data;
  }, bill);
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  await expect(page.getByText("Drop bills or whole folders anywhere")).toBeVisible();
  const looked = page.waitForResponse((response) => response.url().endsWith("/detect"), { timeout: 60_000 });
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await expect(page.getByText("october.csv").first()).toBeVisible({ timeout: 40_000 });
  // Once it is known what it is: the page's console stays clean of an answer that came for nothing.
  await looked;
  await page.getByRole("button", { name: "Discard the upload" }).click();

  // The line is slow, so that there is something to cancel.
  await page.route("**/file?*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await route.continue().catch(() => undefined);
  });
  await page.getByLabel("Bill files").setInputFiles(csv("slow.csv", bill));
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Drop bills anywhere on this page")).toBeVisible();
  await page.unroute("**/file?*");
  await page.reload();
  await expect(page.getByText("slow.csv")).toBeHidden();
});

test("a gzip that is cut says so, and nothing is imported", async ({ page }) => {
  await page.goto(demoUrl("/bills"));
  const whole = gzipSync(bill);
  await page.getByLabel("Bill files").setInputFiles({
    name: "cut.csv.gz",
    mimeType: "application/gzip",
    buffer: whole.subarray(0, whole.length - 200),
  });
  await page.getByRole("button", { name: "Import", exact: true }).click({ timeout: 40_000 });
  const alert = page.getByRole("alert").filter({ hasText: "Nothing was imported" });
  await expect(alert).toContainText(/cut\.csv\.gz .*(cut|incomplete|whole|end)/i, { timeout: 40_000 });
  await expectAccessible(page);
});

test("a page hears of what others do, and goes on after a break", async ({ page, context }) => {
  await page.goto(demoUrl("/bills"));
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const other = await context.newPage();
  await other.goto(demoUrl("/bills"));
  await other
    .getByRole("button", { name: /^Read the bills of/ })
    .first()
    .click();
  await expect(page.getByText(/^(Waiting|Running|Done)$/).first()).toBeVisible({ timeout: 20_000 });
  await other.close();
});
