import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { demoState, demoUrl, expect, expectAccessible, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

test("a question is asked by clicks, stands in the URL, and goes back step by step", async ({ page }) => {
  await page.goto(demoUrl("/explorer"));
  await expect(page.getByTestId("sentence")).toContainText(/^Billed cost, .*\$[\d,]+\.\d\d/);
  await page.getByRole("button", { name: "Effective cost", exact: true }).click();
  await expect(page).toHaveURL(/measures=effectiveCost/);
  await page.getByRole("button", { name: "Account", exact: true }).click();
  await expect(page).toHaveURL(/by=subAccountId/);
  await page.getByRole("button", { name: "Treemap" }).click();
  await expect(page.getByRole("group", { name: /^Effective cost by account, / })).toBeVisible();
  await expectAccessible(page);
  await page.goBack();
  await expect(page).not.toHaveURL(/chart=treemap/);
  await page.goBack();
  await expect(page.getByRole("columnheader", { name: /^Service/ })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("columnheader", { name: /^Account/ })).toBeVisible();
});

test("a group opens into those inside it, and a name drills with its context", async ({ page }) => {
  await page.goto(demoUrl("/explorer?period=last-month&by=serviceCategory,serviceName&v=1"));
  const first = page.getByRole("row").nth(2);
  await first.getByRole("button", { name: "Open" }).click();
  await expect(first).toHaveAttribute("aria-expanded", "true");
  await expect(page.locator("[role=treegrid] tr[aria-level='2']").first()).toContainText("$");
  const name = await first.getByTitle(/^Show only/).textContent();
  await first.getByTitle(/^Show only/).click();
  await expect(page.getByRole("group", { name: "Filters" })).toContainText(name!);
  await expect(page.getByRole("columnheader", { name: /^Service/ })).toBeVisible();
  await expect(page).toHaveURL(/period=last-month/);
});

test("a filter is made of picked values, and as groups of any and all", async ({ page }) => {
  await page.goto(demoUrl("/explorer?period=last-month&v=1"));
  // The bar grows by what only the data tells, such as currencies.
  await settle(page);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("searchbox", { name: "Find a dimension or tag" }).fill("region");
  await page.keyboard.press("Enter");
  const picked = page.getByRole("group", { name: "Values of Region" }).getByRole("checkbox").first();
  await picked.check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/where=regionId\+=\+/);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const editor = page.getByRole("dialog", { name: "Filter" });
  await expectAccessible(page);
  await editor.getByRole("button", { name: "Text", exact: true }).click();
  const text = editor.getByRole("textbox");
  await text.fill("(serviceName contains amazon or serviceName contains azure) and tag:team is not null and");
  await expect(editor.getByRole("alert")).toContainText("not understood");
  await text.fill("(serviceName contains amazon or serviceName contains azure) and chargeCategory = Usage");
  await editor.getByRole("button", { name: "Lines" }).click();
  await expect(editor.getByRole("button", { name: "Any holds", pressed: true })).toBeVisible();
  await editor.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("group", { name: "Filters" })).toContainText("Any of");
  await page.getByRole("button", { name: /^Remove the filter Any of/ }).click();
  await expect(page).toHaveURL(/where=chargeCategory\+=\+Usage/);
});

/** Exports what the explorer shows, by the menu above its table, beside the total that it has there. */
async function takeAlong(page: Page, query: string, format: RegExp) {
  await page.goto(demoUrl(`/explorer?${query}`));
  const total = await page
    .getByRole("row", { name: /^Total of/ })
    .getByRole("button")
    .first()
    .textContent();
  await page.getByRole("button", { name: /^Copy or export/ }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: format }).first().click(),
  ]);
  return { total, name: file.suggestedFilename(), content: await readFile(await file.path()) };
}

test("what is seen is taken along as CSV", async ({ page }) => {
  const { total, name, content } = await takeAlong(page, "period=last-month&by=serviceName&v=1", /CSV/);
  const lines = content.toString("utf8").trim().split("\n");
  expect(name).toMatch(/\.csv$/);
  expect(lines[0]).toMatch(/service/i);
  expect(lines.length).toBeGreaterThan(10);
  expect(total).toMatch(/^\$/);
});

test("what is seen is printed as PDF, with its figures, its filter and the way back", async ({ page }) => {
  const query = "period=last-month&by=serviceName&where=chargeCategory+%3D+Usage&v=1";
  const { total, name, content } = await takeAlong(page, query, /PDF/);
  expect(name).toMatch(/by-service.*\.pdf$/);
  const pdf = await getDocument({ data: new Uint8Array(content), verbosity: 0 }).promise;
  const first = await pdf.getPage(1);
  const { items } = await first.getTextContent();
  const text = items.map((item) => ("str" in item ? item.str : "")).join(" ");
  expect(text).toContain(total!.trim());
  expect(text).toContain("where chargeCategory = Usage");
  const links = (await first.getAnnotations()) as { url?: string }[];
  expect(links.map(({ url }) => url)).toContainEqual(expect.stringContaining("/explorer?period=last-month"));
});

test("every figure leads to its charge rows, which any page can link to", async ({ page }) => {
  await page.goto(demoUrl("/explorer?period=last-month&v=1"));
  await page.getByRole("button", { name: "Charge rows", exact: true }).click();
  await expect(page.getByTestId("sentence")).toContainText(/in [\d,]+ charge rows/);
  await page.getByRole("columnheader", { name: "Billed cost" }).getByRole("button").first().click();
  await expect(page).toHaveURL(/order=-billedCost/);
  await page.getByRole("button", { name: "Availability zone", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Availability zone" })).toBeVisible();
  await expectAccessible(page);
});

test("a view is saved, pinned, changed, shared by its link and deleted", async ({ page }) => {
  const name = `Regions ${Date.now()}`;
  await page.goto(demoUrl("/explorer?by=regionId&chart=donut&v=1"));
  await page.getByRole("button", { name: "Save as" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/explorer\?saved=[\da-f-]{36}$/);
  const link = page.url();
  await page.getByRole("button", { name: "Stacked bars" }).click();
  await expect(page.getByRole("button", { name: new RegExp(`^${name} ?, changed since`) })).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(link);
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Pin to the rail" }).click();
  await expect(page.getByRole("list", { name: "Pinned views" })).toContainText(name);
  await page.keyboard.press("Escape");
  await page.goto(demoUrl("/bills"));
  await page.getByRole("link", { name }).click();
  await expect(page).toHaveURL(link);
  await expect(page.getByRole("button", { name: "Stacked bars", pressed: true })).toBeVisible();
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: /^Delete/ }).click();
  await expect(page.getByRole("list", { name: "Pinned views" })).toBeHidden();
});
