import { test as plain } from "@playwright/test";
import { demoState, demoUrl, expect, expectAccessible } from "./journey.ts";

// The browser itself reports every 400 and 500 on its console, so these journeys do not count that as a fault.
plain.use({ storageState: demoState });

plain("a refused question says why, with the request to quote", async ({ page }) => {
  await page.goto(demoUrl("/?by=nosuchthing"));
  const alert = page.getByRole("alert").filter({ hasText: "The table could not be loaded." });
  await expect(alert).toContainText('There is no dimension "nosuchthing"');
  await expect(alert).toContainText(/Request [\w-]{8,}/);
  await expectAccessible(page);
  await page.getByRole("button", { name: /^By/ }).click();
  await page.getByRole("combobox").fill("region");
  await page.getByRole("option", { name: "Region", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Region" })).toBeVisible();
});

plain("a session that ends asks to sign in, on the same address", async ({ page }) => {
  await page.goto(demoUrl("/?preset=last-month"));
  await expect(page.getByTestId("sentence")).toBeVisible();
  await page.context().clearCookies();
  await page.getByRole("button", { name: /^Unused commitment/ }).click();
  await expect(page.getByRole("heading", { name: "Sign in to see your costs" })).toBeVisible();
  expect(page.url()).toContain("preset=last-month");
});

plain("an address that leads nowhere says so", async ({ page }) => {
  await page.goto(demoUrl("/no-such-page"));
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await expectAccessible(page);
});
