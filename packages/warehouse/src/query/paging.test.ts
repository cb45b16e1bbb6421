import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decimal } from "@finops/kernel/decimal";
import { newId } from "@finops/kernel/id";
import { bill, toLakeRow } from "../testing/bill.ts";
import { testEngines } from "../testing/test-engines.ts";
import type { TestWarehouse } from "../testing/test-warehouse.ts";
import { type CostQueryInput, type CostRowsQueryInput, parseCostQuery, parseCostRowsQuery } from "./cost-query.ts";
import type { CostAccess, PinnedStore } from "./cost-store.ts";
import { runQuery } from "./run-query.ts";
import { runRowsQuery } from "./run-rows-query.ts";

describe.each(testEngines)("pages on %s", (_engine, open) => {
  let warehouse: TestWarehouse;
  const tenantId = newId();
  const days = ["2026-01-05", "2026-01-06", "2026-02-01", "2026-02-02", "2026-03-01"];
  const manyRows = days.flatMap((day) =>
    ["EC2", "S3", "SQS", "SNS", "RDS"].map((service, index) =>
      toLakeRow({
        day,
        service,
        cost: String(index % 3),
        "tag:team": index % 2 === 0 ? "web" : null,
        resource: `${day}/${service}`,
      }),
    ),
  );
  let pinned: PinnedStore;
  beforeAll(async () => {
    warehouse = await open();
    pinned = await warehouse.publish(tenantId, manyRows);
  });
  afterAll(() => warehouse.close());

  const period = { start: "2026-01-01", end: "2026-04-01" };

  async function allRows(request: Partial<CostRowsQueryInput>, access: CostAccess = { tenantId }) {
    const pages: Record<string, string | null>[][] = [];
    let cursor: string | null = null;
    do {
      const answer = await runRowsQuery(
        warehouse.store,
        access,
        pinned,
        parseCostRowsQuery({ period, columns: ["resourceId"], ...request, ...(cursor === null ? {} : { cursor }) }),
      );
      pages.push(answer.rows);
      cursor = answer.nextCursor;
    } while (cursor !== null);
    return pages;
  }

  async function allGroups(request: Partial<CostQueryInput>) {
    const groups: string[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const answer = await runQuery(
        warehouse.store,
        { tenantId },
        pinned,
        parseCostQuery({ measures: ["billedCost"], period, ...request, ...(cursor === null ? {} : { cursor }) }),
      );
      groups.push(...answer.rows.map((row) => JSON.stringify([row.time, row.key, row.isOther])));
      sizes.push(answer.rows.length);
      cursor = answer.nextCursor;
    } while (cursor !== null);
    return { groups, sizes };
  }

  describe("pages of rows", () => {
    it.each([1, 2, 3, 5, 7, 10, 24, 25, 26])("of %i give every row once, across billing periods", async (limit) => {
      const pages = await allRows({ limit });
      expect(pages.flat().length).toBe(manyRows.length);
      expect(new Set(pages.flat().map((row) => row.resourceId))).toEqual(
        new Set(manyRows.map((row) => row.ResourceId)),
      );
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      expect(pages.at(-1)!.length).toBeGreaterThan(0);
    });

    it.each([
      ["a tag", { dimension: "tag:team", is: "web" }, 15],
      [
        "a tag or a column of the facts",
        {
          or: [
            { dimension: "tag:team", is: "web" },
            { dimension: "resourceId", startsWith: "2026-03" },
          ],
        },
        17,
      ],
      ["a period in the middle", { dimension: "billingPeriod", is: "2026-02-01" }, 10],
      ["nothing", { dimension: "service", is: "none" }, 0],
    ])("with a filter on %s are complete too", async (_, filter, rows) => {
      const pages = await allRows({ limit: 4, filter });
      expect(new Set(pages.flat().map((row) => row.resourceId)).size).toBe(rows);
      expect(pages.flat().length).toBe(rows);
    });

    it("hold only what the caller may see", async () => {
      const pages = await allRows({ limit: 4 }, { tenantId, rowFilter: { dimension: "service", is: "RDS" } });
      // Rows stand in the order in which the file was built, which is not always that of the bill.
      expect(pages.flat()).toHaveLength(days.length);
      expect(new Set(pages.flat().map((row) => row.resourceId))).toEqual(new Set(days.map((day) => `${day}/RDS`)));
    });

    it("keep to the days that were asked for, and give every kind of column", async () => {
      const [page] = await allRows({
        period: { start: "2026-01-06", end: "2026-01-07" },
        filter: { dimension: "service", is: "SQS" },
        columns: [
          "chargePeriodStart",
          "BillingPeriodEnd",
          "billed_cost",
          "tag:team",
          "month",
          "billFile",
          "x_None",
          "list_cost",
        ],
      });
      expect(page).toEqual([
        {
          chargePeriodStart: "2026-01-06T00:00:00Z",
          billingPeriodEnd: "2026-02-01T00:00:00Z",
          billedCost: "2",
          "tag:team": "web",
          month: "2026-01-01",
          billFile: "version-0/0",
          x_None: null,
          listCost: null,
        },
      ]);
    });
  });

  describe("rows in the order of a column", () => {
    const expected = (direction: "asc" | "desc") =>
      manyRows
        .map((row, index) => ({ row, index }))
        .toSorted(
          (a, b) =>
            (direction === "asc" ? 1 : -1) * (Number(a.row.BilledCost) - Number(b.row.BilledCost)) || a.index - b.index,
        )
        .map(({ row }) => row.BilledCost);

    it.each([
      [1, "asc"],
      [4, "desc"],
      [7, "asc"],
      [25, "desc"],
      [26, "asc"],
    ] as const)("come in pages of %i, %s, each row once over all periods", async (limit, direction) => {
      const rows = (
        await allRows({ limit, columns: ["resourceId", "billedCost"], orderBy: { by: "billed_cost", direction } })
      ).flat();
      expect(rows.map((row) => row.billedCost)).toEqual(expected(direction));
      expect(new Set(rows.map((row) => row.resourceId)).size).toBe(manyRows.length);
    });

    it.each(["asc", "desc"] as const)("have what is missing at their end, %s", async (direction) => {
      const pages = await allRows({ limit: 4, columns: ["tag:team"], orderBy: { by: "tag:team", direction } });
      expect(pages.flat().map((row) => row["tag:team"])).toEqual([
        ...Array.from({ length: 15 }, () => "web"),
        ...Array.from({ length: 10 }, () => null),
      ]);
    });

    it("may be ordered by a column that is not shown, by time and within a filter and what the caller may see", async () => {
      const pages = await allRows(
        {
          limit: 2,
          orderBy: { by: "chargePeriodStart", direction: "desc" },
          filter: { dimension: "tag:team", is: "web" },
        },
        { tenantId, rowFilter: { dimension: "service", in: ["EC2", "SNS"] } },
      );
      expect(pages.flat().map((row) => row.resourceId)).toEqual(days.toReversed().map((day) => `${day}/EC2`));
    });

    it("are exact to the last digit, however big or small", async () => {
      const other = newId();
      const costs = [
        "0.00000000000000000000000001",
        "0",
        "-0.00000000000000000000000001",
        "99999999999.5",
        "0.000000005",
      ];
      const data = await warehouse.publish(
        other,
        costs.map((cost) => toLakeRow({ cost })),
      );
      const answer = await runRowsQuery(
        warehouse.store,
        { tenantId: other },
        data,
        parseCostRowsQuery({ period, columns: ["billedCost"], orderBy: { by: "billedCost", direction: "asc" } }),
      );
      expect(answer.rows.map((row) => row.billedCost)).toEqual(
        [costs[2], costs[1], costs[0], costs[4], costs[3]].map(plain),
      );
    });

    it("refuse a cursor that leads to no row that the caller may see", async () => {
      const order = { by: "billedCost", direction: "asc" } as const;
      const first = await runRowsQuery(
        warehouse.store,
        { tenantId },
        pinned,
        parseCostRowsQuery({ period, limit: 1, orderBy: order }),
      );
      const scoped = { tenantId, rowFilter: { dimension: "service", is: "none" } };
      await expect(
        runRowsQuery(
          warehouse.store,
          scoped,
          pinned,
          parseCostRowsQuery({ period, limit: 1, orderBy: order, cursor: first.nextCursor! }),
        ),
      ).rejects.toMatchObject({ code: "invalid" });
      await expect(allRows({ orderBy: { by: "nope", direction: "asc" } })).rejects.toMatchObject({ code: "invalid" });
    });
  });

  const plain = (text: string | undefined) => decimal(text!).toString();

  describe("pages of groups", () => {
    it.each([
      ["biggest first", { groupBy: ["service"] }],
      ["by name", { groupBy: ["service"], orderBy: { by: "service" } }],
      ["by day", { groupBy: ["tag:team"], grain: "day" }],
      ["with a running total", { groupBy: ["service"], grain: "day", runningTotal: true }],
      [
        "with a comparison",
        { groupBy: ["service"], grain: "month", compare: { start: "2025-10-01", end: "2026-03-01" } },
      ],
      ["of the top and the rest", { groupBy: ["service"], grain: "month", top: { count: 2 } }],
      ["of a ratio", { groupBy: ["service"], measures: ["effectiveSavingsRate"] }],
    ] satisfies [string, Partial<CostQueryInput>][])("%s are together what one page is", async (_, request) => {
      const whole = await allGroups(request);
      for (const limit of [1, 2, 3]) {
        const pages = await allGroups({ ...request, limit });
        expect(pages.groups).toEqual(whole.groups);
        expect(pages.sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
      }
    });

    it("have totals over all groups, on every page", async () => {
      const page = await runQuery(
        warehouse.store,
        { tenantId },
        pinned,
        parseCostQuery({ measures: ["billedCost"], period, groupBy: ["service"], limit: 1 }),
      );
      expect(page.totals).toEqual([{ currency: "USD", values: { billedCost: { value: "20" } } }]);
    });
  });

  describe("a cursor", () => {
    it("is refused once something new was published, by rows and groups alike", async () => {
      const groups = await runQuery(
        warehouse.store,
        { tenantId },
        pinned,
        parseCostQuery({ measures: ["billedCost"], period, groupBy: ["service"], limit: 1 }),
      );
      const rows = await runRowsQuery(warehouse.store, { tenantId }, pinned, parseCostRowsQuery({ period, limit: 1 }));
      const later = { ...pinned, position: "1000" };
      await expect(
        runQuery(
          warehouse.store,
          { tenantId },
          later,
          parseCostQuery({ measures: ["billedCost"], period, groupBy: ["service"], cursor: groups.nextCursor! }),
        ),
      ).rejects.toMatchObject({ code: "precondition" });
      await expect(
        runRowsQuery(warehouse.store, { tenantId }, later, parseCostRowsQuery({ period, cursor: rows.nextCursor! })),
      ).rejects.toMatchObject({ code: "precondition" });
    });
  });

  describe("as of an earlier position", () => {
    it("the figures are what they were then", async () => {
      const company = newId();
      const first = await warehouse.publish(
        company,
        bill`
      cost
      1`,
      );
      const restated = await warehouse.publish(
        company,
        bill`
      cost
      1.5`,
      );
      const ask = async (at: PinnedStore) =>
        (
          await runQuery(
            warehouse.store,
            { tenantId: company },
            at,
            parseCostQuery({ measures: ["billedCost"], period }),
          )
        ).totals[0]!.values.billedCost!.value;
      expect([await ask(first), await ask(restated), await ask(first)]).toEqual(["1", "1.5", "1"]);
    });
  });
});
