import type { Page } from "@playwright/test";
import { type Result, result } from "./results.ts";

const scrollMs = 5_000;
const wheelPixels = 900;
const loadMaxMs = 120_000;
const rowPixels = 32;

interface Scrolled {
  rows: number;
  longestArriving: number;
  perSecond: number;
  scrolledRows: number;
  longestScrolling: number;
}

/**
 * The explorer's table with all of its groups: the longest task while they arrive, and the frames while the wheel is turned
 * for five seconds. How many rows it has depends on what is stored, and is told beside.
 */
export async function measureScroll(page: Page, url: string): Promise<Result[]> {
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
  return scrollResults({
    rows,
    longestArriving,
    // A table that did not move is drawn at any rate.
    perSecond: scrolled > 0 ? (frames * 1000) / ms : Number.NaN,
    scrolledRows: scrolled / rowPixels,
    longestScrolling: await page.evaluate<number>("bench.takeLongestTask()"),
  });
}

export function scrollResults(measured: Scrolled | null): Result[] {
  const { rows, longestArriving, perSecond, scrolledRows, longestScrolling } = measured ?? nothing;
  return [
    result("web: rows of the table that is scrolled", rows, "rows", { atLeast: 100_000 }),
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
