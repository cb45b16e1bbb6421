import { asksNothing, expect, expectAccessible, test } from "./journey.ts";
import { companyUrl, makeCompany, openOwnerLink, operate } from "./operator.ts";

const setState = (subdomain: string, state: string, reason: string) =>
  operate("PUT", `/api/local/companies/${subdomain}/state`, { state, reason });

test("a company that is read-only or locked says so and why, over every page", async ({ page }) => {
  const company = await makeCompany("Unpaid bills");
  await openOwnerLink(page, company);
  await page.goto(companyUrl(company, "/welcome"));
  await expect(page.getByRole("heading", { name: "Getting started" })).toBeVisible();

  await asksNothing(page);
  await setState(company.subdomain, "read-only", "The invoice of October is open.");
  await page.goto(companyUrl(company, "/bills"));
  const banner = page.getByRole("status").filter({ hasText: "This company is" });
  await expect(banner).toContainText("This company is read-only.");
  await expect(banner).toContainText("The reason: The invoice of October is open.");
  await expectAccessible(page);

  await asksNothing(page);
  await setState(company.subdomain, "locked", "Two invoices are open.");
  await page.goto(companyUrl(company, "/"));
  await expect(banner).toContainText("This company is locked.");
  await expect(banner).toContainText("The reason: Two invoices are open.");
  await expectAccessible(page);

  await setState(company.subdomain, "active", "");
  await page.goto(companyUrl(company, "/welcome"));
  await expect(page.getByRole("heading", { name: "Getting started" })).toBeVisible();
  await expect(banner).toHaveCount(0);
});

test("a company that leaves says when, and its owner keeps it", async ({ page }) => {
  const company = await makeCompany("Farewell");
  await openOwnerLink(page, company);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await asksNothing(page);
  await operate("DELETE", `/api/local/companies/${company.subdomain}`);
  await page.goto(companyUrl(company, "/"));
  const banner = page.getByRole("status").filter({ hasText: "This company is" });
  await expect(banner).toContainText(/This company is about to be deleted\. It happens on .*\d{4}/);
  await expectAccessible(page);
  await banner.getByRole("button", { name: "Keep the company" }).click();
  await expect(banner).toHaveCount(0);
  await page.goto(companyUrl(company, "/welcome"));
  await expect(page.getByRole("heading", { name: "Getting started" })).toBeVisible();
});
