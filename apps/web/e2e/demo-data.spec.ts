import { expect, expectAccessible, test } from "./journey.ts";
import { companyUrl, makeCompany, openOwnerLink } from "./operator.ts";

test("a company that started empty takes the demo data, sees it come, and looks at its costs", async ({ page }) => {
  // Six months of every provider are written, imported and published meanwhile.
  test.slow();
  const company = await makeCompany("Curious");
  await openOwnerLink(page, company);
  await page.goto(companyUrl(company, "/welcome"));
  await expect(page.getByTestId("sentence")).toHaveText("2 steps are left.");
  await page.getByRole("button", { name: "Take the demo data" }).click();
  await expect(page.getByRole("progressbar", { name: "Demo data" }).first()).toBeVisible();
  await expect(page.getByText("Demo data is on its way.")).toBeVisible();
  await expectAccessible(page);

  // The page goes on by itself when the last month is there.
  await expect(page.getByText("The costs here are those of an invented company.")).toBeVisible({ timeout: 300_000 });
  await expect(page.getByTestId("sentence")).toHaveText("One step is left.");
  await page.getByRole("link", { name: "See the overview" }).click();
  await expect(page.getByTestId("sentence").locator("data").first()).toBeVisible();
});
