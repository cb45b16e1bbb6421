import type { DatasetPeriod, ImportDetection } from "@finops/capabilities/sources/contract";
import { describe, expect, it } from "vitest";
import { reasonToWait } from "./reason-to-wait.ts";
import { gapOf, guessMapping, toDefinition } from "./mapping.ts";
import { sourceRows } from "./source-months.ts";

describe("a mapping of one's own", () => {
  it("is guessed from the names of the columns, each of them once", () => {
    expect(guessMapping(["Day", "Amount", "Product", "Currency", "Note"]).columns).toEqual({
      BilledCost: "Amount",
      ChargePeriodStart: "Day",
      BillingCurrency: "Currency",
      ServiceName: "Product",
    });
  });

  it("says what it still needs, one thing after the other", () => {
    const draft = guessMapping(["Day", "Amount"]);
    expect(gapOf(draft)).toBe("Say who sends this bill.");
    expect(gapOf({ ...draft, name: "Shop" })).toBe("Say the currency, or the column that has it.");
    expect(gapOf({ ...draft, name: "Shop", currency: "EUR" })).toBeNull();
    expect(gapOf({ ...draft, columns: {} })).toBe("Say which column is the cost.");
  });

  it("becomes the definition that the API takes", () => {
    const draft = { ...guessMapping(["Day", "Amount"]), name: "Shop", currency: "EUR", dateFormat: "%d.%m.%Y" };
    expect(toDefinition(draft)).toEqual({
      name: "Shop",
      provider: "Shop",
      currency: "EUR",
      columns: { BilledCost: "Amount", ChargePeriodStart: { column: "Day", format: "%d.%m.%Y" } },
    });
  });
});

describe("an import waits", () => {
  const found = (more: object): ImportDetection =>
    ({
      problems: [],
      formats: [],
      deliveries: [{ missing: [], conflicts: [], ...more }],
    }) as unknown as ImportDetection;

  it("while a column is missing or costs would count twice, and not otherwise", () => {
    expect(reasonToWait(found({}))).toBeNull();
    expect(reasonToWait(found({ missing: [{ column: "BillingCurrency", assume: null }] }))).toContain("column");
    expect(reasonToWait(found({ conflicts: [{}] }))).toContain("count twice");
    expect(
      reasonToWait({ ...found({}), problems: [{ files: [], message: "", columns: [], firstRows: [] }] }),
    ).toContain("settled");
  });
});

describe("a source's months", () => {
  const period = (billingPeriod: string, version: object): DatasetPeriod =>
    ({
      billingPeriod,
      isCurrent: true,
      publishedAt: "2026-11-22T00:00:00Z",
      versions: [
        {
          id: billingPeriod,
          source: "a",
          sourceName: "A",
          number: 1,
          rows: 5,
          rowsRejected: 0,
          createdAt: "2026-11-22",
          ...version,
        },
      ],
    }) as unknown as DatasetPeriod;

  it("tell what is complete, restated, missing, not over and rejected", () => {
    const [row] = sourceRows(
      [
        period("2026-07-01", {}),
        period("2026-08-01", { number: 2 }),
        period("2026-10-01", { rowsRejected: 3 }),
        period("2026-11-01", {}),
      ],
      "2026-11-22",
    );
    expect(row!.months.map(({ state }) => state)).toEqual(["complete", "restated", "missing", "rejected", "running"]);
    expect([row!.missing, row!.rows]).toEqual([1, 20]);
  });
});
