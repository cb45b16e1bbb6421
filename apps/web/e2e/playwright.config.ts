import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";

// An installed Chromium where there is one; else Playwright's own.
const installed = [
  process.env["FINOPS_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

// `make test` runs Chromium; the hosted workflow runs Firefox and WebKit as well.
const browsers = { chromium: "Desktop Chrome", firefox: "Desktop Firefox", webkit: "Desktop Safari" } as const;
const browser = (process.env["FINOPS_BROWSER"] ?? "chromium") as keyof typeof browsers;

export default defineConfig({
  testDir: ".",
  outputDir: "test-results/run",
  globalSetup: "./start-servers.ts",
  fullyParallel: false,
  workers: 1,
  // Bounds, not waits: two cores may be busy with something else.
  timeout: 120_000,
  expect: { timeout: 20_000, toHaveScreenshot: { maxDiffPixelRatio: 0.01, animations: "disabled" } },
  // Fonts differ from system to system, so each compares with its own pictures.
  snapshotPathTemplate: "baselines/{platform}/{arg}{ext}",
  // Pictures that are missing are a failure; `--update-snapshots` makes them.
  updateSnapshots: "none",
  reporter: "list",
  use: {
    ...devices[browsers[browser]],
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    timezoneId: "America/Los_Angeles",
    trace: "retain-on-failure",
    launchOptions:
      browser === "chromium"
        ? {
            ...(installed === undefined ? {} : { executablePath: installed }),
            // Chromium's sandbox refuses to run as root, which is what containers run as.
            args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
          }
        : {},
  },
});
