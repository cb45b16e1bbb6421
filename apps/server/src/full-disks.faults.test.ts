import { mountSmallDisk, type SmallDisk } from "@finops/platform/testing/small-disk";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { type FaultySet, startFaultySet } from "./testing/faulty-set.ts";
import { createSetClient, type SetClient, smallBill } from "./testing/set-client.ts";
import { hold, isLanding, versionsNow } from "./testing/set-faults.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let [ofPostgres, ofClickHouse]: SmallDisk[] = [];
let set: FaultySet;
let acme: SetClient;

beforeAll(async () => {
  [ofPostgres, ofClickHouse] = [mountSmallDisk(400), mountSmallDisk(400)];
  set = await startFaultySet({ postgresDir: ofPostgres.dir, clickHouseDir: ofClickHouse.dir });
  const api = set.start("api", { FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl });
  const worker = set.start("worker", { FINOPS_ROLE: "worker" });
  const [url] = await Promise.all([api.ready(), worker.ready()]);
  acme = await createSetClient(set, [url, url]);
});
afterAll(async () => {
  try {
    await acme?.db.close();
    await set?.stop();
  } finally {
    for (const disk of [ofPostgres, ofClickHouse]) disk?.remove();
  }
});

afterEach(() => {
  for (const disk of [ofPostgres, ofClickHouse]) disk?.makeRoom();
});

const imported = async (bill: string) => acme.imported(await acme.startImport(bill));
const ofFullDatabase =
  "The disk of the database is full. Whoever runs the platform must make room; nothing was changed.";

it("fails an import with a sentence when the disk of ClickHouse is full, answers from what was, and takes the bill in once there is room", async () => {
  await imported(smallBill(3));
  ofClickHouse!.fill();
  const told = await acme.failed(await acme.startImport(smallBill(5)));
  expect([told, await acme.billed(0), await versionsNow(acme)]).toEqual([
    "The disk of ClickHouse is full. Whoever runs the platform must make room; nothing was changed.",
    "3",
    1,
  ]);
  ofClickHouse!.makeRoom();
  await imported(smallBill(5));
  expect([await acme.billed(0), await versionsNow(acme)]).toEqual(["5", 1]);
});

it("refuses what cannot be kept with a sentence when the disk of PostgreSQL is full, answers from what was, and goes on by itself once there is room", async () => {
  await imported(smallBill(7));
  const held = hold(set.s3, isLanding);
  const id = await acme.startImport(smallBill(11));
  await held.reached;
  ofPostgres!.fill();
  // Pages that have room still take something.
  const refused = await saveUntilRefused();
  held.go();
  const during = [await acme.billed(0), (await acme.ask(0, "/api/v1/datasets")).status];
  expect([refused, during]).toEqual([
    [429, ofFullDatabase],
    ["7", 200],
  ]);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(["7", "11"]).toContain(await acme.billed(0));
  ofPostgres!.makeRoom();
  // Its outcome was stored, or it is done anew.
  await expect.poll(() => acme.stateOf(0, id), { timeout: 80_000, interval: 200 }).toMatch(/^(done|failed)$/);
  const isDone = (await acme.stateOf(0, id)) === "done";
  expect([await acme.billed(0), await versionsNow(acme)]).toEqual([isDone ? "11" : "7", 1]);
  if (!isDone) expect(await acme.failed(id)).toBe(ofFullDatabase);
  await imported(smallBill(13));
  expect([await acme.billed(0), await versionsNow(acme)]).toEqual(["13", 1]);
});

/** Saves views until one is refused, and returns with what. */
async function saveUntilRefused(): Promise<[number, string]> {
  for (let saved = 0; saved < 2_000; saved += 1) {
    const body = { name: `View ${saved}`, description: String(saved).padEnd(1000, "x"), view: {} };
    const answer = await acme.ask(0, "/api/v1/views", { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) return [answer.status, ((await answer.json()) as { detail: string }).detail];
  }
  throw new Error("The disk took everything.");
}
