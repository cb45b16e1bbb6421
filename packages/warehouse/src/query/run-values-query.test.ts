import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import { bill, toLakeRow } from "../testing/bill.ts";
import { testEngines } from "../testing/test-engines.ts";
import type { TestWarehouse } from "../testing/test-warehouse.ts";
import { CostReader } from "./cost-reader.ts";
import { type CostValuesQueryInput, parseCostValuesQuery } from "./cost-query.ts";
import type { CostAccess, PinnedStore } from "./cost-store.ts";
import { runValuesQuery } from "./run-values-query.ts";

describe.each(testEngines)("values on %s", (_engine, open) => {
  let warehouse: TestWarehouse;
  const [tenantId, crowded] = [newId(), newId()];
  let [pinned, crowdedPinned]: PinnedStore[] = [];
  beforeAll(async () => {
    warehouse = await open();
    pinned = await warehouse.publish(
      tenantId,
      bill`
    day         service  region      cost  currency  tag:team  tag:env
    2026-01-05  EC2      eu-north-1  5     USD       web       prod
    2026-01-06  EC2      eu-north-1  3     EUR       web       prod
    2026-02-01  EC2      us-east-1   1     USD       data      -
    2026-02-02  S3       eu-west-1   7     USD       -         -
    2026-02-02  SQS      -           -1    USD       Webshop   prod`,
    );
    crowdedPinned = await warehouse.publish(
      crowded,
      Array.from({ length: 5000 }, (_, index) =>
        toLakeRow({ cost: String(index), [`tag:key-${index}`]: "x", resource: `r-${index}` }),
      ),
    );
  });
  afterAll(() => warehouse.close());

  const period = { start: "2026-01-01", end: "2026-03-01" };

  async function ask(request: Partial<CostValuesQueryInput>, access: CostAccess = { tenantId }) {
    return runValuesQuery(
      warehouse.store,
      access,
      access.tenantId === crowded ? crowdedPinned! : pinned!,
      parseCostValuesQuery({ dimension: "serviceName", period, ...request }),
    );
  }

  async function list(request: Partial<CostValuesQueryInput>, access?: CostAccess) {
    const { values } = await ask(request, access);
    return values.map(({ value, rows, costs }) =>
      [value, rows, ...costs.map(({ currency, cost }) => `${cost.value} ${currency}`)].join(" "),
    );
  }

  describe("the values of a dimension", () => {
    it("come with their cost per currency and their rows, the biggest first", async () => {
      expect(await list({})).toEqual(["S3 1 7 USD", "EC2 3 3 EUR 6 USD", "SQS 1 -1 USD"]);
    });

    it("are found by a part of them in any case, within the filter and the period", async () => {
      expect(await list({ dimension: "tag:team", search: "WEB" })).toEqual(["web 2 3 EUR 5 USD", "Webshop 1 -1 USD"]);
      expect(await list({ dimension: "tag:team", search: "web", filter: { dimension: "service", is: "SQS" } })).toEqual(
        ["Webshop 1 -1 USD"],
      );
      expect(await list({ dimension: "region", period: { start: "2026-01-01", end: "2026-02-01" } })).toEqual([
        "eu-north-1 2 3 EUR 5 USD",
      ]);
      expect(await list({ dimension: "month", search: "-02-" })).toEqual(["2026-02-01 3 7 USD"]);
      expect(await list({ dimension: "service", search: "nothing" })).toEqual([]);
    });

    it("name the value that is missing, unless something is searched for", async () => {
      expect(await list({ dimension: "region" })).toContain(" 1 -1 USD");
      expect(await list({ dimension: "region", search: "e" })).toHaveLength(3);
    });

    it("come page by page, each once, with their number", async () => {
      const names: (string | null)[] = [];
      let cursor: string | undefined;
      do {
        const page = await ask(
          { dimension: "resource", limit: 700, ...(cursor === undefined ? {} : { cursor }) },
          { tenantId: crowded },
        );
        expect(page.total).toBe(5000);
        names.push(...page.values.map(({ value }) => value));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(names).toEqual(Array.from({ length: 5000 }, (_, index) => `r-${4999 - index}`));
    });

    it("are the keys of tags too, with what is tagged by them", async () => {
      expect(await list({ dimension: "tagKey" })).toEqual(["team 4 3 EUR 5 USD", "env 3 3 EUR 4 USD"]);
      const page = await ask({ dimension: "tagKey", search: "KEY-49", limit: 3 }, { tenantId: crowded });
      expect([page.total, ...page.values.map(({ value }) => value)]).toEqual([111, "key-4999", "key-4998", "key-4997"]);
    });

    it("show nothing of rows that the caller may not see", async () => {
      const scoped = { tenantId, rowFilter: { dimension: "tag:team", is: "data" } };
      expect(await list({}, scoped)).toEqual(["EC2 1 1 USD"]);
      expect(await list({ dimension: "tagKey" }, scoped)).toEqual(["team 1 1 USD"]);
    });

    it("are the same from the rows, and from memory when asked again", async () => {
      const facts = {
        ...pinned!,
        generations: pinned!.generations.map((generation) => ({
          ...generation,
          manifest: { ...generation.manifest, tables: { facts: generation.manifest.tables["facts"]! } },
        })),
      };
      for (const dimension of ["service", "tag:team", "tagKey", "billingPeriod", "providerFamily"]) {
        const query = parseCostValuesQuery({ dimension, period });
        const [fast, slow] = [pinned!, facts].map((store) =>
          runValuesQuery(warehouse.store, { tenantId }, store, query),
        );
        expect((await slow!).values).toEqual((await fast!).values);
      }
      const reader = new CostReader(warehouse.store);
      const query = parseCostValuesQuery({ dimension: "service", period });
      const [first, second] = [
        await reader.values({ tenantId }, pinned!, query),
        await reader.values({ tenantId }, pinned!, query),
      ];
      expect([first.meta.fromCache, second.meta.fromCache]).toEqual([false, true]);
      expect(second.values).toEqual(first.values);
    });

    it("are none before anything is published", async () => {
      const nothing = { position: "0", freshAt: null, generations: [] };
      const query = parseCostValuesQuery({ dimension: "service", period });
      expect(await runValuesQuery(warehouse.store, { tenantId }, nothing, query)).toMatchObject({
        values: [],
        total: 0,
      });
    });

    it("are refused for a dimension that does not exist", async () => {
      await expect(ask({ dimension: "nope" })).rejects.toMatchObject({ code: "invalid" });
    });
  });
});
