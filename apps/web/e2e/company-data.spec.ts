import { demoUrl, expect, expectAccessible, expectReadable, test } from "./journey.ts";
import { signInAnew } from "./operator.ts";

const name = "Sunset Systems";

test("a company takes its data along, is to be deleted, and is kept", async ({ browser }) => {
  test.slow();
  // A page of its own: what a shut company refuses is written into the browser's console, which is a failure elsewhere.
  const context = await browser.newContext();
  const page = await context.newPage();
  await signInAnew(page);
  const headers = { "x-finops-request": "1", origin: demoUrl().replace(/\/$/, "") };
  const subdomain = `sunset-${crypto.randomUUID().slice(0, 8)}`;
  const company = { name, subdomain, currency: "USD", fiscalYearStart: 1, timeZone: "UTC" };
  await page.request.post(demoUrl("/api/companies"), { headers, data: company });
  const switched = await page.request.post(demoUrl("/api/companies/switch"), { headers, data: { company: subdomain } });
  await page.goto(((await switched.json()) as { url: string }).url);

  await page.goto(demoUrl("/settings/data"));
  await expect(page.getByText("Nothing was exported yet.")).toBeVisible();
  await page.getByRole("button", { name: "Export everything" }).click();
  const exports = page.getByRole("list", { name: "Exports" });
  await expect(exports).toContainText("Done", { timeout: 60_000 });
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    exports.getByRole("link", { name: "organisation.json" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("organisation.json");
  await expectReadable(page);

  // Only the name itself asks for it.
  const ask = page.getByRole("button", { name: "Delete the company in 30 days" });
  await page.getByLabel(`Type ${name} to confirm`).fill("Sunset");
  await expect(ask).toBeDisabled();
  await page.getByLabel(`Type ${name} to confirm`).fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^It is deleted on \d+ \w+ \d{4}\.$/)).toBeVisible();
  await expect(page.getByText("This company is about to be deleted.")).toBeVisible();
  // It is shut, but for what it takes along.
  await expect(exports.getByRole("link", { name: "costs.parquet" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("main").getByRole("button", { name: "Keep the company" }).click();
  await expect(page.getByRole("status", { name: "Messages" })).toContainText("The company stays.");
  await expect(page.getByLabel(`Type ${name} to confirm`)).toBeVisible();
  await expect(page.getByText("This company is about to be deleted.")).toHaveCount(0);
  await context.close();
});
