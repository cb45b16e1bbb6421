import { readFileSync } from "node:fs";
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
      if (message.type() === "error") faults.push(`${message.text()} at ${message.location().url}`);
    });
    await use(page);
    expect(faults).toEqual([]);
  },
});

/**
 * No rule of axe is broken: all of them, or where not everything has changed since the last look only colours, or all but
 * colours, which take as long as all the others.
 */
export async function expectAccessible(
  page: Page,
  which: "all" | "colours" | "all but colours" = "all",
): Promise<void> {
  // A page's own code may come after what stands around it.
  await expect(page.locator("h1")).not.toHaveCount(0);
  // What is old is dimmed until what was asked for has come.
  await expect(page.locator("[aria-busy=true].opacity-60")).toHaveCount(0);
  await fadedIn(page);
  // There are no frames here, for which it would open a page of its own at every look.
  // What passes is counted and not described: naming every element of it takes two thirds of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const colours = "color-contrast";
  if (which === "colours") axe.withRules([colours]);
  if (which === "all but colours") axe.disableRules([colours]);
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(" ")) }))).toEqual([]);
}

/** Nothing is asked any more: what is refused from then on has no answer on its way, whose refusal would be an error. */
export async function asksNothing(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
}

/** Every answer has come, and nothing moves any more. */
export async function settle(page: Page): Promise<void> {
  await expect(page.locator("[aria-busy=true], .skeleton")).toHaveCount(0);
  await fadedIn(page);
}

/**
 * The window wide again, and the page laid out for it. What measures itself, such as a table, follows a moment later, and a
 * press that begins before ends beside what it was for.
 */
export async function widen(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  let before = "";
  const stands = async () => {
    const now = await page.evaluate(() =>
      [...document.querySelectorAll("button, [role=tab]")]
        .map((one) => one.getBoundingClientRect())
        .map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)
        .join(),
    );
    const isSame = now === before;
    before = now;
    return isSame;
  };
  await expect.poll(stands, { intervals: [150] }).toBe(true);
}

/**
 * A page that still fades in has less contrast than it will have, so what fades is brought to its end. Waiting for it would
 * not do: an animation of what is not on the screen never ends.
 */
async function fadedIn(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const animation of document.getAnimations())
      if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
  });
}

/** The page is as wide as the window: nobody has to scroll sideways to read it. */
export async function expectNoSideways(page: Page): Promise<void> {
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // What measures itself, such as a chart, follows the window a moment later.
  const because = `scrolls sideways at ${page.viewportSize()?.width}`;
  await expect.poll(overflow, { message: because, timeout: 5_000 }).toBeLessThanOrEqual(0);
}

/** The page can be read at every width and in both themes. Names change with the width, colours with the theme. */
export async function expectReadable(page: Page): Promise<void> {
  for (const width of [390, 1024, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await settle(page);
    await expectNoSideways(page);
    await expectAccessible(page, width === 1440 ? "all" : "all but colours");
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "colours");
  await page.emulateMedia({ colorScheme: "light" });
}

export function demoUrl(path = "/"): string {
  return `${process.env["E2E_DEMO_URL"]}${path}`;
}

export function emptyUrl(path = "/"): string {
  return `${process.env["E2E_EMPTY_URL"]}${path}`;
}

/**
 * The newest sign-in link that the demo's server has mailed to an address: its mails are printed.
 * @param before the one before it, where there was one
 */
export async function mailedLink(email: string, before?: string): Promise<string> {
  let link: string | undefined;
  await expect(async () => {
    const mails = readFileSync(process.env["E2E_DEMO_PRINTED"]!, "utf8").split(email).slice(1);
    link = /http:\/\/[^\s/]+(\/sign-in\/[\w-]+)/.exec(mails.at(-1) ?? "")?.[1];
    expect(link).toBeDefined();
    expect(demoUrl(link)).not.toBe(before);
  }).toPass();
  // On the host that journeys of the demo are on.
  return demoUrl(link);
}

export { expect };
