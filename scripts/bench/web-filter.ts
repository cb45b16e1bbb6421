import type { Page } from "@playwright/test";
import { median, p95 } from "./percentiles.ts";
import { type Goal, type Result, result } from "./results.ts";

const clicks = 10;
/** Nobody waits longer; a click that is not answered by then counts as this long. */
const drawnMaxMs = 10_000;
const settledMaxMs = 60_000;

/**
 * A click on a group's name narrows the explorer to it. Measured from the click to the end of the first frame in which the
 * chip of the filter, the sentence and the table's total are those of the filter and nothing is on its way any more.
 * Cold: nobody has asked for that filter before. Warm: the server was asked before, and the page was opened anew, so that
 * the browser itself remembers nothing.
 */
export async function measureFilters(page: Page, url: string): Promise<Result[]> {
  const cold = await clickNames(page, url);
  const warm = await clickNames(page, url);
  return filterResults(cold, warm);
}

export function filterResults(cold: readonly number[], warm: readonly number[]): Result[] {
  const of = (name: string, samples: readonly number[], goal: Goal) => [
    result(`web: filter change, ${name}, median`, median(samples), "ms", goal),
    result(`web: filter change, ${name}, p95`, p95(samples), "ms", goal),
  ];
  return [
    ...of("cold", cold, { below: 400 }),
    ...of("warm", warm, { below: 150 }),
    result("web: filter changes of each kind", Math.min(cold.length, warm.length), "clicks"),
  ];
}

async function clickNames(page: Page, url: string): Promise<number[]> {
  await page.goto(url);
  await settle(page);
  const titles = await page.evaluate<string[]>("bench.titles()");
  const samples: number[] = [];
  for (const title of titles.slice(0, clicks)) {
    samples.push(await page.evaluate<number>(`bench.clickAndWait(${JSON.stringify(title)}, ${drawnMaxMs})`));
    await page.goBack();
    await settle(page);
  }
  return samples;
}

async function settle(page: Page): Promise<void> {
  if (!(await page.evaluate<boolean>(`bench.untilSettled(${settledMaxMs})`)))
    throw new Error("The explorer did not come to rest.");
  // Until here the page may still ask ahead, and the server work on it.
  await page.waitForTimeout(300);
}
