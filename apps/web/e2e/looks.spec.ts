import { demoState, demoUrl, expect, expectAccessible, test } from "./journey.ts";

test.use({ storageState: demoState });

const pages = { overview: "/?preset=last-6-months", "overview-month": "/", bills: "/bills" };
const widths = [1440, 1024, 390];

for (const colorScheme of ["light", "dark"] as const) {
  for (const [name, path] of Object.entries(pages)) {
    test(`${name} fits every width, ${colorScheme}`, async ({ page }, info) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(demoUrl(path));
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        // A table of the design system is a grid, and a list of cards where there is no room for one.
        await expect(page.locator("table, [role=list]").first()).toBeVisible();
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
        await expectAccessible(page);
        await info.attach(`${name}-${width}-${colorScheme}`, {
          body: await page.screenshot({
            fullPage: true,
            path: `test-results/looks/${name}-${width}-${colorScheme}.png`,
          }),
          contentType: "image/png",
        });
      }
    });
  }
}

test("the chosen theme stays", async ({ page }) => {
  await page.goto(demoUrl());
  await page.getByRole("button", { name: /owner/i }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
