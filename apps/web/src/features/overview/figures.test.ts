import type { CostAnswer, CostRow } from "@finops/capabilities/costs/contract";
import { describe, expect, it } from "vitest";
import { findGaps } from "./coverage.ts";
import { findCause, kindOf, moversOf, ratioOf } from "./figures.ts";
import type { OverviewView } from "./overview-view.ts";
import { trendSeries } from "./trend-series.ts";

const view = {
  measure: "billedCost",
  by: "serviceName",
  period: { start: "2026-11-01", end: "2026-11-05" },
} as OverviewView;

function row(key: CostRow["key"], now: string | null, before: string | null, more: Partial<CostRow> = {}): CostRow {
  return {
    key,
    isOther: false,
    time: null,
    currency: "USD",
    values: { billedCost: { value: now } },
    comparison: { billedCost: { value: before } },
    ...more,
  };
}
const answered = (rows: CostRow[]) => ({ view, answer: { rows } as CostAnswer });
const inAccount = (service: string, now: string | null, before: string | null) =>
  row({ serviceName: service, subAccountId: "1", subAccountName: "prod" }, now, before);

describe("what explains a change", () => {
  it("is what moved furthest the way the whole did, with its share", () => {
    const cause = findCause(moversOf(answered([inAccount("EC2", "171", "100"), inAccount("S3", "39", "10")]), "USD"));
    expect(cause).toMatchObject({ kind: "rose", part: { name: "EC2 in prod" } });
    expect([cause?.change.toString(), cause?.share?.toString()]).toEqual(["71", "0.71"]);
  });

  it("may be more than all of it, where others moved the other way", () => {
    const cause = findCause(moversOf(answered([inAccount("EC2", "20", "10"), inAccount("S3", "5", "10")]), "USD"));
    expect(cause?.share?.toString()).toBe("2");
  });

  it("is found also where rises and falls leave the whole as it was", () => {
    const cause = findCause(moversOf(answered([inAccount("EC2", "20", "10"), inAccount("S3", "5", "15")]), "USD"));
    expect(cause).toMatchObject({ share: null, part: { name: "EC2 in prod" } });
  });

  it("says what is new and what is gone", () => {
    expect(kindOf({ value: "5", before: null })).toBe("new");
    expect(kindOf({ value: "0", before: "5" })).toBe("gone");
    expect(kindOf({ value: "-5", before: "5" })).toBe("fell");
  });

  it("is nothing where nothing moved", () => {
    expect(findCause(moversOf(answered([inAccount("EC2", "10", "10")]), "USD"))).toBeNull();
  });
});

it("has no share of nothing", () => {
  expect(ratioOf({ value: "5" }, { value: "20" })).toEqual({ value: "0.25" });
  expect(ratioOf({ value: null }, { value: "20" })).toEqual({ value: "0" });
  expect(ratioOf({ value: "5" }, { value: "0" }).missing).toBeDefined();
});

it("draws the parts of a trend biggest first and the others last, an account that changed its name as one", () => {
  const at = (name: string, time: string, value: string, isOther = false): CostRow => ({
    ...row(isOther ? {} : { subAccountId: "1", subAccountName: name }, value, null),
    time,
    isOther,
  });
  const series = trendSeries(
    [at("old", "2026-11-01", "1"), at("new", "2026-11-01", "2"), at("", "2026-11-02", "50", true)],
    { by: "subAccountId", measure: "billedCost" },
    ["2026-11-01", "2026-11-02"],
  );
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ["old", ["3", null]],
    ["Other", [null, "50"]],
  ]);
});

describe("days that did not come in", () => {
  const on = (account: string, days: string[]) =>
    days.map((day) =>
      row({ providerName: "AWS", billingAccountId: account }, null, null, { time: `${day}T00:00:00Z` }),
    );

  it("are counted bill by bill, since the first of them", () => {
    const found = findGaps(
      answered([
        ...on("whole", ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"]),
        ...on("hole", ["2026-11-01", "2026-11-02", "2026-11-04"]),
        ...on("late", ["2026-11-01", "2026-11-02"]),
      ]),
      "2026-11-20",
    );
    expect(found.bills).toBe(3);
    expect(found.gaps).toEqual([
      { provider: "AWS", account: "late", missing: 2, of: 4, since: "2026-11-03", isLate: true },
      { provider: "AWS", account: "hole", missing: 1, of: 4, since: "2026-11-03", isLate: false },
    ]);
  });

  it("are not those of today, nor those of a bill that comes by the month", () => {
    expect(findGaps(answered(on("whole", ["2026-11-01", "2026-11-02"])), "2026-11-03").gaps).toEqual([]);
    expect(findGaps(answered(on("support", ["2026-11-01"])), "2026-11-20").gaps).toEqual([]);
  });
});
