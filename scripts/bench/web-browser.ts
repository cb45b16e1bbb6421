import { type AddressInfo, createServer } from "node:net";
import { type BrowserContext, chromium } from "@playwright/test";
import { installedChromium } from "../installed-chromium.ts";

export interface BenchBrowser {
  context: BrowserContext;
  /** Where other tools, such as Lighthouse, find the same browser with the same cookies. */
  debugPort: number;
  close(): Promise<void>;
}

/** A Chromium without a window: an installed one (scripts/ensure-browser.sh sees to it), else Playwright's own. */
export async function openBrowser(profileDir: string): Promise<BenchBrowser> {
  const installed = installedChromium();
  const debugPort = await freePort();
  // A profile, and not a private window: Lighthouse opens a tab of its own, which must be signed in as well.
  const context = await chromium.launchPersistentContext(profileDir, {
    ...(installed === undefined ? {} : { executablePath: installed }),
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    // Whoever stops the bench stops all of it: without these, Playwright would close the browser and let the rest go on.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // Chromium's sandbox refuses to run as root, which is what containers run as.
    args: [`--remote-debugging-port=${debugPort}`, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  return { context, debugPort, close: () => context.close() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
