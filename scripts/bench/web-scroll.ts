import type { CostAnswer, CostQueryInput } from "@finops/capabilities/costs/contract";
import type { Page, Route } from "@playwright/test";
import { type Result, result } from "./results.ts";

const scrollMs = 5_000;
const wheelPixels = 900;
const loadMaxMs = 120_000;
const rowPixels = 32;
const rowsWanted = 100_000;

interface Scrolled {
  rows: number;
  longestArriving: number;
  perSecond: number;
  scrolledRows: number;
  longestScrolling: number;
}

/**
 * The explorer's table of resources: the longest task while they arrive, and the frames while the wheel is turned for five
 * seconds. Where fewer than 100,000 are stored, the server's own answer is repeated up to that, page by page: it is the
 * browser that is measured here, and it must not depend on `--rows`.
 */
export async function measureScroll(page: Page, url: string): Promise<Result[]> {
  await page.route("**/api/v1/cost/query", repeatGroups);
  await page.goto(url);
  if (!(await page.evaluate<boolean>(`bench.untilAllRows(${loadMaxMs})`)))
    throw new Error("The table did not get all of its rows.");
  await page.waitForTimeout(1_000);
  const rows = await page.evaluate<number>("bench.rowCount()");
  const longestArriving = await page.evaluate<number>("bench.takeLongestTask()");
  const table = page.locator("main [role=grid], main [role=treegrid]").first().locator("xpath=..");
  await table.evaluate((box) => box.scrollIntoView({ block: "end" }));
  const box = await table.boundingBox();
  if (box === null) throw new Error("The explorer shows no table.");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForTimeout(500);
  const counted = page.evaluate<{ frames: number; ms: number; scrolled: number }>(`bench.countFrames(${scrollMs})`);
  for (const end = performance.now() + scrollMs; performance.now() < end;) {
    await page.mouse.wheel(0, wheelPixels);
    await page.waitForTimeout(16);
  }
  const { frames, ms, scrolled } = await counted;
  await page.unrouteAll({ behavior: "ignoreErrors" });
  return scrollResults({
    rows,
    longestArriving,
    // A table that did not move is drawn at any rate.
    perSecond: scrolled > 0 ? (frames * 1000) / ms : Number.NaN,
    scrolledRows: scrolled / rowPixels,
    longestScrolling: await page.evaluate<number>("bench.takeLongestTask()"),
  });
}

const repeated = "repeated:";

/** Answers a question for all resources with as many as are wanted; every other goes to the server as it is. */
async function repeatGroups(route: Route): Promise<void> {
  const asked = route.request().postDataJSON() as CostQueryInput;
  if (asked.groupBy?.[0] !== "resourceId" || asked.top !== undefined || asked.grain !== undefined)
    return route.fallback();
  const { cursor, limit, ...question } = asked;
  if (cursor !== undefined && !cursor.startsWith(repeated)) return route.fallback();
  // Later pages are made of the first one again.
  const answered = await route.fetch({ postData: { ...question, ...(cursor === undefined ? { limit } : {}) } });
  const answer = (await answered.json()) as CostAnswer;
  if (!answered.ok() || answer.rows.length === 0) return route.fulfill({ response: answered });
  const from = Number(cursor?.slice(repeated.length) ?? 0);
  const until = Math.min(rowsWanted, from + (cursor === undefined ? answer.rows.length : (limit ?? 1_000)));
  const rows = Array.from({ length: until - from }, (_, index) => {
    const row = answer.rows[(from + index) % answer.rows.length]!;
    return { ...row, key: { ...row.key, resourceId: `${row.key["resourceId"] ?? "none"}-${from + index}` } };
  });
  await route.fulfill({
    response: answered,
    json: { ...answer, rows, nextCursor: until < rowsWanted ? `${repeated}${until}` : null },
  });
}

export function scrollResults(measured: Scrolled | null): Result[] {
  const { rows, longestArriving, perSecond, scrolledRows, longestScrolling } = measured ?? nothing;
  return [
    result("web: rows of the table that is scrolled", rows, "rows", { atLeast: rowsWanted }),
    result("web: longest task while they arrive", longestArriving, "ms", { atMost: 200 }),
    result("web: scrolling", perSecond, "frames/s", { atLeast: 50 }),
    result("web: scrolled in 5 s", scrolledRows, "rows"),
    result("web: longest task while scrolling", longestScrolling, "ms", { atMost: 200 }),
  ];
}

const nothing: Scrolled = {
  rows: Number.NaN,
  longestArriving: Number.NaN,
  perSecond: Number.NaN,
  scrolledRows: Number.NaN,
  longestScrolling: Number.NaN,
};
