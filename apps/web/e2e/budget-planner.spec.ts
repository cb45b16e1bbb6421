import type { Page } from "@playwright/test";
import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test, widen } from "./journey.ts";

test.use({ storageState: demoState });

async function make(page: Page, budget: object): Promise<{ id: string }> {
  const answer = await page.request.post(demoUrl("/api/v1/budgets"), {
    data: { currency: "USD", periods: { grain: "month", start: "2026-01-01" }, ...budget },
    headers: { "x-finops-request": "1", origin: new URL(demoUrl()).origin },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()) as { id: string };
}

test("budgets are planned on all levels, the plan outlives a reload, and is applied with a reason", async ({
  page,
}) => {
  const above = await make(page, { name: "Planned together", amount: { kind: "fixed", amount: "1000.00" } });
  for (const name of ["Planned one", "Planned two"])
    await make(page, { name, parentId: above.id, amount: { kind: "fixed", amount: "300.00" } });

  await make(page, { name: "Planned growing", amount: { kind: "growing", amount: "100.00", percent: "1" } });
  await page.goto(demoUrl("/budgets/planner?when=chosen&from=2029-01&until=2029-02"));
  const line = (name: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
  await expect(line("Planned together")).toContainText("$800.00 unallocated");
  await page.getByLabel("Planned one in USD").fill("800.25");
  await expect(line("Planned together")).toContainText("$200.50 too much below");
  await page.reload();
  await expect(page.getByLabel("Planned one in USD")).toHaveValue("800.25");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(line("Planned together")).toContainText("$800.00 unallocated");
  await page.getByRole("button", { name: "Spread or sum up Planned together" }).click();
  await page.getByRole("menuitem", { name: /Spread evenly/ }).click();
  await expect(line("Planned together")).toContainText("All of it is given to 2 below");

  // What grows is written out for each period once somebody says so, and then one of them is moved alone.
  await page.getByLabel("Planned growing: growth in percent").fill("0");
  await expect(line("Planned growing").getByRole("list")).toContainText("$100.00");
  await page.getByRole("button", { name: "Spread or sum up Planned growing" }).click();
  await page.getByRole("menuitem", { name: /Plan each period/ }).click();
  await page
    .getByRole("dialog", { name: "Make a plan of this budget?" })
    .getByRole("button", { name: "Make a plan of it" })
    .click();
  await page.getByLabel("Planned growing, January 2029, in USD").fill("150.00");
  await page.getByLabel("Planned growing: percent", { exact: true }).fill("100");
  await expect(page.getByLabel("Planned growing, February 2029, in USD")).not.toHaveValue("100");
  await settle(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page);
  await page.getByRole("button", { name: "The month after" }).click();
  await expect(page.getByLabel("Planned growing, February 2029, in USD")).toBeVisible();
  await expect(page.getByLabel("Planned growing, January 2029, in USD")).toBeHidden();
  await widen(page);

  await page.getByRole("button", { name: "Apply…" }).click();
  const dialog = page.getByRole("dialog", { name: "Change 3 budgets?" });
  await dialog.getByLabel(/Why they change/).fill("Half for each");
  await dialog.getByRole("button", { name: "Apply the plan" }).click();
  await expect(page.getByRole("list", { name: "Changes" }).getByText("Applied")).toHaveCount(3);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByTestId("sentence")).toContainText("nothing is changed yet");
  // The list is read anew, and what is clicked stands still after that.
  await page.waitForLoadState("networkidle");
  await settle(page);
  await line("Planned one").getByRole("link").click();
  await expect(page.getByRole("list", { name: "Versions" })).toContainText("Half for each");
});

test("the performance page says how periods ended, and leads to the budget", async ({ page }) => {
  await make(page, { name: "Far too little", amount: { kind: "fixed", amount: "1.00" } });
  await page.goto(demoUrl("/budgets/performance"));
  await expect(page.getByTestId("sentence")).toContainText(/finished periods ended over the limit/);
  await expect(page.getByRole("group", { name: "Accuracy by quarter" })).toContainText(/\d+ of \d+ over/);
  await settle(page);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "colours");
  await page.setViewportSize({ width: 390, height: 844 });
  await settle(page);
  await expectNoSideways(page);
  await widen(page);
  await page.getByRole("tab", { name: "Finished periods" }).click();
  await expect(page).toHaveURL(/show=periods/);
  await page
    .getByRole("grid", { name: "Finished periods" })
    .getByRole("link", { name: "Far too little" })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: "Far too little" })).toBeVisible();
});
