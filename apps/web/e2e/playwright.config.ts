import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, devices } from "@playwright/test";
import { installedChromium } from "../../../scripts/installed-chromium.ts";

const installed = installedChromium();

// `make test` runs Chromium; the hosted workflow runs Firefox and WebKit as well.
const browsers = { chromium: "Desktop Chrome", firefox: "Desktop Firefox", webkit: "Desktop Safari" } as const;
const browser = (process.env["FINOPS_BROWSER"] ?? "chromium") as keyof typeof browsers;

/** How long a page may take to show what was asked for: some hosts hear of news by looking for them now and then. */
const answerMs = Number(process.env["E2E_ANSWER_MS"] ?? 20_000);

const folder = dirname(fileURLToPath(import.meta.url));
// One with a window sets letters a little differently.
const pictures = `${nameSystem()}${installed === undefined || installed.endsWith("headless-shell") ? "" : "-window"}`;

export default defineConfig({
  testDir: ".",
  outputDir: "test-results/run",
  globalSetup: "./start-servers.ts",
  fullyParallel: false,
  // Files side by side: each brings its own company, person or thing, or only reads the demo's.
  workers: 2,
  // Bounds, not waits: two cores may be busy with something else.
  timeout: 120_000 + answerMs,
  expect: { timeout: answerMs, toHaveScreenshot: { maxDiffPixelRatio: 0.01, animations: "disabled" } },
  snapshotPathTemplate: `{testDir}/baselines/${pictures}/{arg}{ext}`,
  // A system without pictures makes its own, for somebody to look at; elsewhere one that is missing is a failure.
  updateSnapshots: existsSync(join(folder, "baselines", pictures)) ? "none" : "all",
  // Pictures are compared in one browser, and Chromium alone plays a device with passkeys; every other journey runs in all three.
  testIgnore: browser === "chromium" ? [] : ["baselines.spec.ts", "passkeys.spec.ts"],
  reporter: "list",
  use: {
    actionTimeout: 10_000 + answerMs,
    ...devices[browsers[browser]],
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    timezoneId: "America/Los_Angeles",
    // Recording every step takes a good part of two cores, and where CI runs nobody opens it.
    trace: process.env["CI"] ? "off" : "retain-on-failure",
    screenshot: "only-on-failure",
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

/** Fonts differ from system to system, so each has pictures of its own: `debian-12`, `darwin`. */
function nameSystem(): string {
  if (!existsSync("/etc/os-release")) return process.platform;
  const release = readFileSync("/etc/os-release", "utf8");
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(release)?.[1] ?? "";
  return `${field("ID") || process.platform}-${field("VERSION_ID")}`;
}
