import { test as plain } from "@playwright/test";
import { demoState, demoUrl, expect, expectAccessible } from "./journey.ts";

// The browser itself reports every 400 and 500 on its console, so these journeys do not count that as a fault.
plain.use({ storageState: demoState });

const lost = "No answer from the server.";

plain("a refused question says why, with the request to quote", async ({ page }) => {
  await page.goto(demoUrl("/?by=nosuchthing"));
  const alert = page.getByRole("alert").filter({ hasText: "The breakdown could not be loaded." });
  await expect(alert).toContainText('There is no dimension "nosuchthing"');
  await expect(alert).toContainText(/Request [\w-]{8,}/);
  await expectAccessible(page);
  await page.getByRole("button", { name: /^By/ }).click();
  await page.getByRole("combobox").fill("region");
  await page.getByRole("option", { name: "Region", exact: true }).click();
  await expect(page.getByRole("heading", { name: "By region" })).toBeVisible();
  await expect(alert).toBeHidden();
});

plain("a server that is restarted in the middle is waited for, and the page goes on by itself", async ({ page }) => {
  await page.goto(demoUrl("/?preset=last-month"));
  // What explains most of it comes last.
  await expect(page.getByTestId("sentence")).toContainText("explains");
  const sentence = await page.getByTestId("sentence").textContent();
  // Nothing gets through, as while a process ends and the next one starts.
  let isDown = true;
  await page.route("**/*", (route) => (isDown ? route.abort("connectionrefused") : route.continue()));
  await page.getByRole("button", { name: /^Measure/ }).click();
  await page.getByRole("menuitemradio", { name: /^Billed cost/ }).click();
  await expect(page.getByText(lost)).toBeVisible();
  await expect(page.getByTestId("sentence")).toHaveText(sentence!);
  await expectAccessible(page);
  isDown = false;
  await expect(page.getByText(lost)).toBeHidden();
  await expect(page.getByRole("img", { name: /^Billed cost by day/ })).toBeVisible();
});

plain("a query that ran out of time says so, and can be asked again", async ({ page }) => {
  let isSlow = true;
  await page.route("**/api/v1/cost/query", (route) =>
    isSlow
      ? route.fulfill({
          status: 412,
          contentType: "application/problem+json",
          body: JSON.stringify({
            code: "precondition",
            detail: "The query took longer than 30 s. Narrow the period or the filter.",
            requestId: "request-of-this-test",
          }),
        })
      : route.continue(),
  );
  await page.goto(demoUrl());
  const alert = page.getByRole("alert").first();
  await expect(alert).toContainText("Narrow the period or the filter.");
  await expect(alert).toContainText("request-of-this-test");
  await expectAccessible(page);
  isSlow = false;
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByTestId("sentence")).toBeVisible();
});

plain("a session that ends keeps the page and what was typed, and goes on after signing in", async ({ page }) => {
  await page.goto(demoUrl("/?preset=last-month"));
  await expect(page.getByTestId("sentence")).toBeVisible();
  await page.getByRole("button", { name: /^By Service/ }).click();
  await page.getByRole("combobox").fill("reg");
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(dialog.getByRole("link", { name: "Sign in in another tab" })).toBeVisible();
  await expectAccessible(page);
  expect(page.url()).toContain("preset=last-month");
  // Signed in again in another tab.
  await page.context().addCookies(cookies);
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { name: "By region" })).toBeVisible();
  expect(page.url()).toContain("preset=last-month");
});

plain("whoever is not signed in comes back to the address that was asked for", async ({ page }) => {
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.goto(demoUrl("/?preset=last-month"));
  await expect(page.getByRole("heading", { name: "Sign in to see your costs" })).toBeVisible();
  await page.context().addCookies(cookies);
  // Where the sign-in link leads.
  await page.goto(demoUrl());
  await expect(page).toHaveURL(/preset=last-month/);
});

plain("data that is published again while the page is open is read again", async ({ page }) => {
  await page.goto(demoUrl());
  await expect(page.getByTestId("sentence")).toBeVisible();
  let isNew = false;
  await page.route("**/api/v1/cost/query", async (route) => {
    if (!isNew) return route.continue();
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(
      /"effectiveCost":\{"value":"[\d.]+"/g,
      '"effectiveCost":{"value":"42"',
    );
    return route.fulfill({ response, body });
  });
  isNew = true;
  // What is older than half a minute is asked for again when somebody comes back to the page.
  await page.clock.install();
  await page.clock.fastForward(60_000);
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await expect(page.getByTestId("sentence")).toContainText("$42.00");
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

plain("a clock that is hours off tells no wrong times", async ({ page }) => {
  await page.goto(demoUrl());
  const published = page.getByText(/^published/);
  // Minutes are no hours yet. The text itself changes with every minute, so that an hour more is right too.
  const hours = async () => Number(/(\d+) h ago/.exec((await published.textContent())!)?.[1] ?? 0);
  await expect(published).toBeVisible();
  const right = await hours();
  const answer = await page.request.get(demoUrl("/healthz"));
  await page.clock.install({ time: Date.parse(answer.headers()["date"]!) + 3 * 3_600_000 });
  await page.reload();
  await expect(published).toBeVisible();
  expect((await hours()) - right).toBeLessThanOrEqual(1);
});

plain("on a slow connection the page has its shape before its figures, and no figure jumps", async ({ page }) => {
  await page.route("**/api/v1/cost/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await route.continue();
  });
  await page.goto(demoUrl());
  await expect(page.locator(".skeleton").first()).toBeVisible();
  await expect(page.getByTestId("sentence")).toBeVisible();
  await expect(page.locator(".skeleton")).toHaveCount(0);
});

plain("an address that leads nowhere says so", async ({ page }) => {
  await page.goto(demoUrl("/no-such-page"));
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await expectAccessible(page);
});
