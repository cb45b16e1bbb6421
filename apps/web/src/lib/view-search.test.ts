import { chartKinds, CostView, defaultView } from "@finops/capabilities/views/contract";
import { addDays } from "@finops/kernel/period";
import { presetIds } from "@finops/ui/period/presets";
import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readableSearch, readView, readViewSearch, saysView, writeView } from "./view-search.ts";

const toAddress = (view: CostView) => readableSearch(defaultStringifySearch(writeView(view)));
const fromAddress = (address: string) => readView(readViewSearch(defaultParseSearch(address)));

describe("the address of a view", () => {
  it("says in words what differs from the default", () => {
    const view = CostView.parse({
      measures: ["effectiveCost", "totalSavings"],
      groupBy: ["subAccountId", "tag:cost,center"],
      filter: {
        and: [
          { dimension: "serviceName", is: "Amazon EC2" },
          { dimension: "tag:team", in: ["web", null] },
        ],
      },
      period: { start: "2026-11-01", end: "2026-11-22" },
      comparison: "last-year",
      chart: "treemap",
      top: { count: 12, other: true },
      sort: { by: "change", direction: "asc", measure: "totalSavings" },
    });
    expect(toAddress(view)).toBe(
      "?measures=effectiveCost,totalSavings&by=subAccountId,%27tag:cost,center%27" +
        "&where=serviceName+=+%27Amazon+EC2%27+and+tag:team+in+(web,+null)" +
        "&period=2026-11-01..2026-11-21&against=last-year&chart=treemap&top=12&sort=change,totalSavings&v=1",
    );
    expect(fromAddress(toAddress(view))).toEqual({ view, unread: [] });
  });

  it("of the default view is its version alone, which tells it from no address at all", () => {
    expect(toAddress(defaultView)).toBe("?v=1");
    expect([saysView(readViewSearch({})), saysView({ saved: "x" }), saysView({ saved: "x", v: 1 })]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it.each([
    ["?by=serviceName&where=serviceName+=+%27Amazon", "filter"],
    ["?period=2026-11-22..2026-11-01", "period"],
    ["?period=2026-02-30..2026-03-01", "period"],
    ["?measures=priceOfTea", "measures"],
    ["?chart=sankey&grain=fortnight", "grain,chart"],
    ["?top=0", "number of groups in the chart"],
  ])("that was damaged on its way opens and says what was lost: %s", (address, lost) => {
    const { view, unread } = fromAddress(address);
    expect(unread.join(",")).toBe(lost);
    expect(view).toEqual(defaultView);
  });

  it("keeps what is good beside what is not", () => {
    expect(fromAddress("?measures=billedCost,priceOfTea,listCost&by=,,regionId,serviceName,skuId").view).toMatchObject({
      measures: ["billedCost", "listCost"],
      groupBy: ["regionId", "serviceName"],
    });
  });
});

const name = fc.oneof(
  fc.constantFrom("serviceName", "subAccountId", "tag:team", "tag:a,b", "tag:it's", "tag:קבוצה", "x_Foo"),
  fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() === text && text !== ""),
);
const days = fc
  .tuple(fc.nat(3000), fc.integer({ min: 1, max: 800 }))
  .map(([from, length]) => ({ start: addDays("2020-01-01", from), end: addDays("2020-01-01", from + length) }));
const value = fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom("Amazon EC2", "null", "12", "true"));
const view = fc
  .record(
    {
      measures: fc.uniqueArray(fc.constantFrom("billedCost", "effectiveSavingsRate", "consumedQuantity", "rowCount"), {
        minLength: 1,
        maxLength: 4,
      }),
      groupBy: fc.uniqueArray(name, { maxLength: 2 }),
      filter: fc.oneof(
        fc.record({ dimension: name, is: value }),
        fc.record({
          dimension: name,
          in: fc.array(fc.oneof(value, fc.constant(null)), { minLength: 1, maxLength: 3 }),
        }),
      ),
      period: fc.oneof(days, fc.record({ preset: fc.constantFrom(...presetIds) })),
      comparison: fc.oneof(days, fc.constantFrom("before", "last-year", "none")),
      basis: fc.constantFrom("charge", "billing"),
      grain: fc.constantFrom("hour", "day", "week", "month", "quarter", "year"),
      asOf: days.map((period) => period.start),
      chart: fc.constantFrom(...chartKinds),
      top: fc.record({ count: fc.integer({ min: 1, max: 50 }), other: fc.boolean() }),
      currency: fc.constantFrom("EUR", "credits"),
      runningTotal: fc.boolean(),
      share: fc.boolean(),
      sort: fc.record(
        {
          by: fc.constantFrom("name", "change"),
          direction: fc.constantFrom("asc", "desc"),
          measure: fc.constant("listCost"),
        },
        { requiredKeys: ["by", "direction"] },
      ),
      shows: fc.constantFrom("groups", "rows"),
      rows: fc.record(
        {
          columns: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
          orderBy: fc.record({
            by: fc.constantFrom("billedCost", "tag:a,b"),
            direction: fc.constantFrom("asc", "desc"),
          }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  .map((input) => CostView.parse(input));

it.each(["0", "7", "007", "true"])("brings back a column with the name %s, which looks like no text", (column) => {
  const one = CostView.parse({ rows: { columns: [column], orderBy: { by: column, direction: "asc" } } });
  expect(fromAddress(toAddress(one))).toEqual({ view: one, unread: [] });
});

it("brings back any view from its address", () => {
  fc.assert(
    fc.property(view, (one) => {
      expect(fromAddress(toAddress(one))).toEqual({ view: one, unread: [] });
    }),
    { numRuns: 400 },
  );
});

it("never fails on an address, whatever it says", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom(...Object.keys(writeView(defaultView)), "where", "by", "top", "sort"),
        fc.jsonValue(),
      ),
      (search) => {
        expect(CostView.safeParse(readView(readViewSearch(search)).view).success).toBe(true);
      },
    ),
  );
});
