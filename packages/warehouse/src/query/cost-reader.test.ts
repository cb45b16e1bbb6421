import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import { bill } from "../testing/bill.ts";
import { openTestWarehouse } from "../testing/test-warehouse.ts";
import { CostReader } from "./cost-reader.ts";
import { parseCostQuery, parseCostRowsQuery } from "./cost-query.ts";
import type { PinnedStore } from "./cost-store.ts";

const warehouse = openTestWarehouse();
const tenantId = newId();
let pinned: PinnedStore;
beforeAll(async () => {
  pinned = await warehouse.publish(
    tenantId,
    bill`
    service  account  cost
    EC2      a1       1
    S3       a2       2`,
  );
});
afterAll(() => warehouse.close());

const period = { start: "2026-01-01", end: "2026-02-01" };
const total = parseCostQuery({ measures: ["billedCost"], period });

describe("the reader", () => {
  it("says when an answer comes from memory, and gives the same figures", async () => {
    const reader = new CostReader(warehouse.store);
    const first = await reader.query({ tenantId }, pinned, total);
    const second = await reader.query({ tenantId }, pinned, { ...total, asOf: "2026-05-01" });
    expect([first.meta.fromCache, second.meta.fromCache]).toEqual([false, true]);
    expect(second.rows).toEqual(first.rows);
  });

  it("asks again for other rows that a caller may see, another position and another question", async () => {
    const reader = new CostReader(warehouse.store);
    await reader.query({ tenantId }, pinned, total);
    const scoped = await reader.query({ tenantId, rowFilter: { dimension: "account", is: "a1" } }, pinned, total);
    const later = await reader.query({ tenantId }, { ...pinned, position: "99" }, total);
    const other = await reader.query({ tenantId }, pinned, { ...total, measures: ["rowCount"] });
    expect([scoped, later, other].map((answer) => answer.meta.fromCache)).toEqual([false, false, false]);
    expect(scoped.totals[0]!.values.billedCost!.value).toBe("1");
  });

  it("never answers one company with what another asked", async () => {
    const reader = new CostReader(warehouse.store);
    const stranger = newId();
    const theirs = await warehouse.publish(
      stranger,
      bill`
      cost
      7`,
    );
    await reader.query({ tenantId }, pinned, total);
    const answer = await reader.query({ tenantId: stranger }, { ...theirs, position: pinned.position }, total);
    expect(answer.totals[0]!.values.billedCost!.value).toBe("7");
  });

  it("keeps rows as well", async () => {
    const reader = new CostReader(warehouse.store);
    const query = parseCostRowsQuery({ period, columns: ["service", "billedCost"] });
    const first = await reader.rows({ tenantId }, pinned, query);
    // Rows stand in the order in which the file was built, which is not always that of the bill.
    expect(first.rows.toSorted((a, b) => a.billedCost!.localeCompare(b.billedCost!))).toEqual([
      { serviceName: "EC2", billedCost: "1" },
      { serviceName: "S3", billedCost: "2" },
    ]);
    expect((await reader.rows({ tenantId }, pinned, query)).meta.fromCache).toBe(true);
  });
});
