import { NodeClickHouseConnection } from "@finops/warehouse/engines/clickhouse/node-connection";
import { listPeriods } from "@finops/warehouse/engines/clickhouse/load-period";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type ProcessSet, startProcessSet } from "./testing/process-set.ts";
import { createSetClient, type SetClient, smallBill } from "./testing/set-client.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let set: ProcessSet;
let clickHouse: NodeClickHouseConnection;
let acme: SetClient;

beforeAll(async () => {
  set = await startProcessSet();
  const env = { FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl };
  const all = [set.start("api-1", env), set.start("api-2", env), set.start("worker", { FINOPS_ROLE: "worker" })];
  acme = await createSetClient(set, await Promise.all(all.map((one) => one.ready())));
  clickHouse = new NodeClickHouseConnection({ url: set.clickHouse.url, memoryMb: 1024, timeoutMs: 30_000 });
});
afterAll(async () => {
  await clickHouse?.close();
  await acme?.db.close();
  await set?.stop();
});

/** A worker drops what is too old as it starts. */
async function sweepKeepingOne(name: string): Promise<void> {
  const before = await generationsNow();
  const keeper = set.start(name, { FINOPS_ROLE: "worker", FINOPS_KEEP_STATES: "1" });
  await keeper.ready();
  await expect.poll(droppedNow).toBeGreaterThanOrEqual(before - 1);
  keeper.child.kill("SIGTERM");
  await keeper.ended;
}

const generationsNow = () => acme.db.inTenant(acme.tenantId, (tx) => tx.generation.count());
const droppedNow = () =>
  acme.db.inTenant(acme.tenantId, (tx) => tx.generation.count({ where: { droppedAt: { not: null } } }));
const letADayPass = () =>
  acme.db.inTenant(
    acme.tenantId,
    (tx) => tx.$executeRaw`update generation set dropped_at = dropped_at - interval '25 h'`,
  );

it("gives every reader of other processes the newest figure while old states are dropped and removed", async () => {
  let [acknowledged, isOver] = [0, false];
  let asked = 0;
  async function publish(dollars: number): Promise<void> {
    await acme.imported(await acme.startImport(smallBill(dollars)));
    acknowledged = dollars;
  }
  /** Never behind what was acknowledged before it asked; a question that no answer is kept of. */
  async function readOn(api: number): Promise<void> {
    while (!isOver) {
      const [before, day] = [acknowledged, 3 + (asked % 28)];
      asked += 1;
      const query = {
        measures: ["billedCost"],
        period: { start: "2026-05-01", end: `2026-05-${String(day + 1).padStart(2, "0")}` },
      };
      const { totals } = await acme.answer<{ totals: { values: { billedCost: { value: string } } }[] }>(
        api,
        "/api/v1/cost/query",
        {
          method: "POST",
          body: JSON.stringify({ ...query, groupBy: [["serviceName", "regionId", "chargeCategory"][asked % 3]] }),
        },
      );
      expect(Number(totals[0]?.values.billedCost.value)).toBeGreaterThanOrEqual(before);
    }
  }
  for (const dollars of [1, 2, 3]) await publish(dollars);
  const readers = [0, 1].map(readOn);
  const work = (async () => {
    await sweepKeepingOne("keeper");
    await publish(4);
    await letADayPass();
    await Promise.all([sweepKeepingOne("remover"), publish(5)]);
    await publish(6);
  })().finally(() => (isOver = true));
  await Promise.all([...readers, work]);
  await sweepKeepingOne("last-but-one");
  await letADayPass();
  await sweepKeepingOne("last");
  await expect.poll(() => listPeriods(clickHouse, acme.tenantId), { timeout: 20_000 }).toHaveLength(1);
  expect([await acme.billed(0), await acme.billed(1), await generationsNow()]).toEqual(["6", "6", 6]);
  expect(asked).toBeGreaterThan(20);
});
