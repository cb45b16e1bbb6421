import { dirname, join } from "node:path";
import { demoState, expect, settle, test } from "./journey.ts";
import { places } from "./places.ts";
import { keepSignedIn, runningServer, type Server, startServer } from "./start-servers.ts";

/** The demo of this day, seen on this day: its figures are the same whenever the pictures are compared. */
const day = "2026-10-20";
const state = join(dirname(demoState), "baselines.json");

let server: Server;

test.beforeAll(async () => {
  test.setTimeout(600_000);
  server = runningServer("E2E_BASELINES_LINK") ?? (await startServer({ rows: 28_000, env: { FINOPS_DEMO_END: day } }));
  await keepSignedIn(server.link, state);
});

test.afterAll(() => server.stop());

for (const { name, path, arrived, fill, moving } of places.filter(({ isOfToday }) => isOfToday !== true)) {
  test(`${name} looks as it did, in both themes`, async ({ browser }) => {
    const context = await browser.newContext({
      storageState: state,
      viewport: { width: 1024, height: 768 },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.clock.setFixedTime(`${day}T12:00:00Z`);
    // The page goes by the server's clock where its own is off; here it is off on purpose.
    await page.addInitScript(() => {
      const get = Headers.prototype.get;
      Headers.prototype.get = function (header) {
        return header.toLowerCase() === "date" ? null : get.call(this, header);
      };
    });
    await page.goto(`${server.url}${path}`);
    if (fill !== undefined) {
      await fill(page);
      await page.reload();
    }
    await arrived(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await settle(page);
      await expect(page).toHaveScreenshot(`${name}-${colorScheme}.png`, {
        // When the demo was imported, which is now.
        maskColor: "#888888",
        mask: [
          page.getByText(/^(Fresh|published|Published)|ago|just now|, published| UTC/i),
          ...(moving === undefined ? [] : [page.getByText(moving)]),
        ],
      });
    }
    await context.close();
  });
}
