import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test } from "./journey.ts";
import { places } from "./places.ts";

test.use({ storageState: demoState });

for (const { name, path, arrived, fill } of places) {
  test(`${name} fits every width in both themes, and is accessible`, async ({ page }, info) => {
    test.slow();
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(demoUrl(path));
    if (fill !== undefined) {
      await fill(page);
      await page.reload();
    }
    await arrived(page);
    // The look at 1024 is compared with its picture: see baselines.spec.ts.
    await page.setViewportSize({ width: 1024, height: 900 });
    await settle(page);
    await expectNoSideways(page);
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await settle(page);
        await expectNoSideways(page);
        // Names and roles change with the width, colours with the theme.
        if (width === 1440) await expectAccessible(page, colorScheme === "dark" ? "colours" : "all");
        if (width === 390 && colorScheme === "light") await expectAccessible(page, "all but colours");
        await info.attach(`${name}-${width}-${colorScheme}`, {
          body: await page.screenshot({ path: info.outputPath(`${name}-${width}-${colorScheme}.png`) }),
          contentType: "image/png",
        });
      }
    }
  });
}

test("the chosen theme stays", async ({ page }) => {
  await page.goto(demoUrl());
  await page.getByRole("button", { name: /owner/i }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
