import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { demoState, demoUrl, expect, expectAccessible, test } from "./journey.ts";

test.use({ storageState: demoState });

/** Every digit of the figures in it, in the order of the screen: `<data>` carries what was rounded for the eye. */
async function amountsIn(place: Locator): Promise<string[]> {
  return place.locator("data").evaluateAll((found) => found.map((one) => (one as HTMLDataElement).value));
}

/** The rows of a table but its head and its total. */
function groupsOf(table: Locator): Locator {
  return table.getByRole("row").filter({ hasText: "$", hasNotText: /^Total of/ });
}

/** The number itself, as billionths of a billionth: amounts of bills are decimals, and floats would forgive a lost cent. */
function exact(amount: string): bigint {
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === undefined || part.length > 18) throw new Error(`"${amount}" is no amount.`);
  return BigInt(`${sign}${whole}${part.padEnd(18, "0")}`);
}

/** Rows of a CSV by RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "") break;
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

async function choosePeriod(page: Page, name: RegExp): Promise<void> {
  await page.getByRole("button", { name: /Period/ }).click();
  await page.getByRole("button", { name }).click();
}

async function chooseTag(page: Page, tag: string): Promise<void> {
  await page.getByRole("button", { name: /^By / }).first().click();
  await page.getByRole("combobox").fill(tag);
  await page.getByRole("option", { name: tag, exact: true }).click();
}

test("a stranger finds what cost most last month, and which team's tag is on it", async ({ page }) => {
  await page.goto(demoUrl());
  await choosePeriod(page, /^Month before .+/);
  await expect(page).toHaveURL(/preset=last-month/);
  const breakdown = page.getByRole("region", { name: "By service" });
  await breakdown.getByRole("button", { name: "Table" }).click();
  const services = breakdown.getByRole("grid", { name: "Effective cost by Service" });
  const largest = groupsOf(services).first();
  await expect(largest).toContainText("$");
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  const [most] = await amountsIn(largest);
  const [second] = await amountsIn(groupsOf(services).nth(1));
  expect(exact(most!)).toBeGreaterThanOrEqual(exact(second!));

  // It opens, and all of the page is about it: its figure at the top is the one of the row.
  const name = await largest.getByRole("rowheader").locator("[title]").first().getAttribute("title");
  await largest.click();
  await expect(page.getByRole("group", { name: "Filters" })).toContainText(name!);
  await expect.poll(async () => (await amountsIn(page.getByTestId("sentence")))[0]).toBe(most);
  await chooseTag(page, "team");
  const teams = page.getByRole("region", { name: "By team" }).getByRole("grid");
  await expect(groupsOf(teams).first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  // The teams, those without one among them, add up to the whole, to the last digit.
  const parts = await Promise.all((await groupsOf(teams).all()).map(async (row) => (await amountsIn(row))[0]!));
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.reduce((sum, part) => sum + exact(part), 0n)).toBe(exact(most!));
  await expectAccessible(page);
});

test("a stranger finds what rose and why", async ({ page }) => {
  await page.goto(demoUrl());
  await choosePeriod(page, /^Month before .+/);
  const moved = page.getByRole("region", { name: "What moved" });
  await expect(moved.getByRole("group", { name: /^What rose and what fell/ })).toBeVisible();
  await moved.getByRole("button", { name: "Table" }).click();
  const rows = groupsOf(moved.getByRole("grid"));
  // Those that rose say so by sign and by word.
  const risen = rows.filter({ hasText: /\+\$.*worse/ }).first();
  await expect(risen).toBeVisible();
  const [now, before] = await amountsIn(risen);
  await risen.click();
  const filters = page.getByRole("group", { name: "Filters" });
  await expect(filters).toContainText("Service");
  await expect(filters).toContainText("Account");
  await expect.poll(async () => (await amountsIn(page.getByTestId("sentence")))[0]).toBe(now);
  expect(exact(now!)).toBeGreaterThan(exact(before ?? "0"));
  await expect(page.getByTestId("sentence")).toContainText(/above/);
  await expectAccessible(page);
});

test("from a figure to its rows, to the bill file behind them, and to a CSV that adds up to it", async ({ page }) => {
  await page.goto(demoUrl("/?preset=last-month"));
  await page.getByRole("list", { name: "Figures" }).getByRole("listitem").first().getByRole("button").first().click();
  const proof = page.getByRole("complementary", { name: /^Proof/ });
  await expect(proof).toContainText(/All \d+ checks add up/);
  const [figure] = await amountsIn(proof);
  expect(await amountsIn(page.getByTestId("sentence"))).toContain(figure);

  // A file, with its hash, leads to the version that it became, and is marked there.
  const file = proof.getByRole("link", { name: /\.(csv|csv\.gz|parquet|json|jsonl)$/ }).first();
  const fileName = await file.textContent();
  const address = page.url();
  await file.click();
  await expect(page.getByRole("heading", { name: "Bill files" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: fileName! }).first()).toBeVisible();
  await page.goto(address);

  await proof.getByRole("link", { name: /in the explorer/ }).click();
  await expect(page).toHaveURL(/view=rows/);
  await expect(page.getByTestId("sentence")).toContainText(/^Effective cost, .* in [\d,]+ charge rows/);
  const [shown, count] = await amountsIn(page.getByTestId("sentence"));
  expect(shown).toBe(figure);
  await page.getByRole("button", { name: /^Copy or export/ }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: /^CSV/ }).first().click(),
  ]);
  const [head, ...lines] = readCsv(await readFile(await download.path(), "utf8"));
  const at = head!.findIndex((column) => /^effective_?cost$/i.test(column));
  expect(at, head!.join()).toBeGreaterThan(-1);
  expect(lines.reduce((sum, line) => sum + exact(line[at]!), 0n)).toBe(exact(figure!));
  expect(String(lines.length)).toBe(count);
});
