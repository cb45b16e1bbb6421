import { existsSync } from "node:fs";
import { join } from "node:path";

const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * The Chromium that `FINOPS_CHROMIUM` names, else the first that is installed, best without a window (scripts/ensure-browser.sh
 * sees to it); undefined where Playwright brings its own.
 */
export function installedChromium(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":");
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env["FINOPS_CHROMIUM"] ?? "", ...installed].find((path) => path !== "" && existsSync(path));
}
