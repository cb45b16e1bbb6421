import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

/** Cookies of the demo's owner, who signed in when the servers started. */
export const demoState = join(dirname(fileURLToPath(import.meta.url)), "test-results/state/demo.json");

/** A page whose every error is a failure: what the policy refused, what was thrown, what could not be loaded. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    await use(page);
    expect(faults).toEqual([]);
  },
});

export async function expectAccessible(page: Page): Promise<void> {
  // A page that still fades in has less contrast than it will have.
  await page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(" ")) }))).toEqual([]);
}

export function demoUrl(path = "/"): string {
  return `${process.env["E2E_DEMO_URL"]}${path}`;
}

export function emptyUrl(path = "/"): string {
  return `${process.env["E2E_EMPTY_URL"]}${path}`;
}

export { expect };
