import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { addDays } from "@finops/kernel/period";
import { createOwnerLink } from "@finops/server/owner-link";
import { findTenant } from "@finops/platform/tenancy/tenants";
import type { Page } from "@playwright/test";
import { isBuilt } from "../freshness.mjs";
import type { Bench, BenchRun } from "./bench.ts";
import { openBenchHost, tenantSlug } from "./bench-host.ts";
import { startBenchServer } from "./bench-server.ts";
import { repository } from "./programs.ts";
import { type Result, result, resultLines } from "./results.ts";
import type { StoredRows } from "./stored-rows.ts";
import { type BenchBrowser, openBrowser } from "./web-browser.ts";
import { filterResults, measureFilters } from "./web-filter.ts";
import { lighthouseResults, measureLighthouse } from "./web-lighthouse.ts";
import { measureScroll, scrollResults } from "./web-scroll.ts";

const lighthousePaths = ["/", "/explorer", "/bills", "/dashboards", "/reports"];

/** The real server and a real browser, as somebody who signed in sees them. */
export const webBench: Bench = {
  name: "web",
  about: "The first page, Lighthouse, filter changes and scrolling in a browser",
  async run(bench) {
    if (!existsSync(join(repository, "apps/web/dist/index.html")))
      throw new Error("The web is not built. Run `node scripts/ready.mjs start` first.");
    if (!isBuilt("web")) bench.say("The built web is older than its sources; what is built is measured.");
    const stored = await bench.stored();
    const signIn = await ownerLink(stored.dataDir);
    const server = await startBenchServer(stored.dataDir, { demoRows: 0 });
    const profileDir = await bench.folder();
    const browser = await openBrowser(profileDir).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    try {
      return await measureAll(bench, stored, browser, server.url, signIn);
    } finally {
      await browser.close();
      await server.stop();
    }
  },
};

/** The path of a link that signs the company's owner in, made while no server has the folder. */
async function ownerLink(dataDir: string): Promise<string> {
  const { embedded } = await openBenchHost(dataDir);
  try {
    const tenant = await findTenant(embedded.host.db, tenantSlug);
    return await createOwnerLink(embedded.host, tenant!, "");
  } finally {
    await embedded.close();
  }
}

async function measureAll(
  bench: BenchRun,
  { period }: StoredRows,
  browser: BenchBrowser,
  url: string,
  signIn: string,
): Promise<Result[]> {
  const page = await browser.context.newPage();
  await page.addInitScript({ path: fileURLToPath(new URL("programs/in-page.js", import.meta.url)) });
  // An address names the last day, a period ends after it.
  const explorer = `${url}/explorer?period=${period.start}..${addDays(period.end, -1)}&against=none&v=1`;
  const results = [
    ...(await within(bench, "the first page", 90_000, firstPageResults(null), () =>
      measureFirstPage(page, `${url}${signIn}`),
    )),
    ...(await within(bench, "filter changes", 240_000, filterResults([], []), () =>
      measureFilters(page, `${explorer}&by=serviceName`),
    )),
    // An order that the server cannot give makes the page load every group.
    ...(await within(bench, "scrolling", 180_000, scrollResults(null), () =>
      measureScroll(page, `${explorer}&by=resourceId&sort=-share`),
    )),
  ];
  await page.close();
  for (const path of lighthousePaths)
    results.push(
      ...(await within(bench, `Lighthouse on ${path}`, 120_000, lighthouseResults(path, null), () =>
        measureLighthouse(`${url}${path}`, path, browser.debugPort),
      )),
    );
  return results;
}

/** A link that signs in leads to the first page, in a browser that has never seen it. */
async function measureFirstPage(page: Page, signIn: string): Promise<Result[]> {
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (new URL(request.url()).pathname.endsWith(".js"))
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(signIn);
  await page.getByRole("heading", { level: 1 }).waitFor({ timeout: 60_000 });
  await page.waitForLoadState("networkidle", { timeout: 60_000 });
  page.removeAllListeners("requestfinished");
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return firstPageResults(bytes / 1000);
}

function firstPageResults(kilobytes: number | null): Result[] {
  return [result("web: JavaScript of the first page, as it is sent", kilobytes ?? Number.NaN, "kB", { below: 250 })];
}

/** A part that fails or takes too long leaves figures that meet no goal, and does not keep the others from being measured. */
async function within(
  bench: BenchRun,
  part: string,
  maxMs: number,
  missing: Result[],
  measure: () => Promise<Result[]>,
): Promise<Result[]> {
  bench.say(`Measuring ${part}`);
  const stop = new AbortController();
  const late = sleep(maxMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`It took longer than ${maxMs / 1000} s.`);
  });
  try {
    const results = await Promise.race([measure(), late]);
    // The whole takes minutes: who stops it early has seen what was measured until then.
    bench.say(resultLines(results).join("\n"));
    return results;
  } catch (error) {
    bench.say(`Not measured: ${part}. ${error instanceof Error ? error.message : String(error)}`);
    return missing;
  } finally {
    late.catch(() => undefined);
    stop.abort();
  }
}
