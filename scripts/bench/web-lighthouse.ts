import lighthouse, { desktopConfig } from "lighthouse";
import { type Result, result } from "./results.ts";

interface Judged {
  performance: number;
  accessibility: number;
  largestPaintMs: number;
  blockedMs: number;
}

/** Lighthouse's scores of one page, as it judges for a desktop, signed in by the cookies of the browser at that port. */
export async function measureLighthouse(url: string, path: string, debugPort: number): Promise<Result[]> {
  const run = await lighthouse(
    url,
    {
      port: debugPort,
      output: "json",
      logLevel: "error",
      onlyCategories: ["performance", "accessibility"],
      maxWaitForLoad: 45_000,
    },
    desktopConfig,
  );
  const lhr = run?.lhr;
  if (lhr === undefined || lhr.runtimeError !== undefined)
    throw new Error(`Lighthouse could not judge it: ${lhr?.runtimeError?.message ?? "no report"}`);
  const score = (category: string) => Math.round((lhr.categories[category]?.score ?? Number.NaN) * 100);
  const figure = (audit: string) => lhr.audits[audit]?.numericValue ?? Number.NaN;
  return lighthouseResults(path, {
    performance: score("performance"),
    accessibility: score("accessibility"),
    largestPaintMs: figure("largest-contentful-paint"),
    blockedMs: figure("total-blocking-time"),
  });
}

export function lighthouseResults(path: string, judged: Judged | null): Result[] {
  const { performance, accessibility, largestPaintMs, blockedMs } = judged ?? nothing;
  return [
    result(`web: ${path}: Lighthouse performance`, performance, "of 100", { atLeast: 90 }),
    result(`web: ${path}: Lighthouse accessibility`, accessibility, "of 100", { atLeast: 95 }),
    result(`web: ${path}: largest paint, by Lighthouse`, largestPaintMs, "ms"),
    result(`web: ${path}: time blocked, by Lighthouse`, blockedMs, "ms"),
  ];
}

const nothing: Judged = {
  performance: Number.NaN,
  accessibility: Number.NaN,
  largestPaintMs: Number.NaN,
  blockedMs: Number.NaN,
};
