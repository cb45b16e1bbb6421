// @vitest-environment jsdom
import type { NamedReport } from "@finops/capabilities/sources/contract";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { ImportReportView } from "./import-report-view.tsx";

afterEach(cleanup);

// The Azure EA pair: billed is the actual file's total, effective the amortized file's.
const report: NamedReport = {
  source: "azure:8611537",
  sourceName: "Azure cost details 8611537",
  format: "azure-cost-details",
  formatName: "Azure cost details",
  because: "The columns are those of Azure actual cost details.",
  files: 2,
  rowsRead: 39,
  rowsMapped: 29,
  rowsRejected: 0,
  rowsDropped: 10,
  rowsDerived: 0,
  rowsPublished: 29,
  periods: ["2023-09"],
  rawCost: { USD: "24.8419399034285846" },
  bridge: [{ rule: "stated-by-amortized", rows: 10, cost: { USD: "-16.2969321166866477" } }],
  rejectedCost: {},
  billedCost: { USD: "8.5450077867419369" },
  effectiveCost: { USD: "16.296932136636644627485419" },
  conformance: { version: "1.2", rules: 97, failed: 3, score: "96.9" },
  unchanged: false,
  restated: [],
  notes: [],
  ignored: [],
  rejects: [],
  durationMs: 5200,
};

it("proves that rows and cost add up to the last digit", () => {
  render(<ImportReportView report={report} />);
  const text = screen.getByRole("article").textContent;
  expect(text).toContain("Every row is accounted for");
  expect(text).toContain("Adds up to the last digit");
  expect(text).toContain("3 of 97 rules fail");
  expect(screen.getByTitle("16.296932136636644627485419 USD").textContent).toBe("$16.30");
});

it("says so when a digit is off, however small", () => {
  render(<ImportReportView report={{ ...report, billedCost: { USD: "8.5450077867419368" } }} />);
  expect(screen.getByRole("article").textContent).toContain("Differs by < $0.01");
});

it("says so when a row is lost", () => {
  render(<ImportReportView report={{ ...report, rowsMapped: 28 }} />);
  expect(screen.getByRole("article").textContent).toContain("The rows do not add up");
});

it("keeps currencies apart", () => {
  render(
    <ImportReportView
      report={{
        ...report,
        rawCost: { USD: "1", EUR: "2" },
        bridge: [],
        billedCost: { USD: "1", EUR: "2" },
        effectiveCost: { USD: "1", EUR: "2" },
      }}
    />,
  );
  expect(screen.getByRole("heading", { name: "Cost in EUR" })).toBeTruthy();
  expect(screen.getByRole("heading", { name: "Cost in USD" })).toBeTruthy();
});

it("names every rejected row's file, line and reason", () => {
  render(
    <ImportReportView
      report={{
        ...report,
        rowsRead: 41,
        rowsRejected: 2,
        rejects: [{ file: "a.csv", line: 1204, reason: "BilledCost is not a number: n/a", rows: 2 }],
      }}
    />,
  );
  expect(screen.getByText(/BilledCost is not a number/).textContent).toContain("a.csv, first on line 1,204");
});

it("shows what a restatement moved, and adds up what it does not name", () => {
  const group = {
    serviceName: "Amazon EC2",
    account: "222222222222",
    currency: "USD",
    rowsAdded: 2,
    rowsRemoved: 1,
    rowsChanged: 1,
    billedBefore: "3",
    billedAfter: "17.5",
    effectiveBefore: "3",
    effectiveAfter: "17.5",
  };
  const restated = {
    period: "2023-09",
    rowsAdded: 2,
    rowsRemoved: 2,
    rowsChanged: 1,
    billedBefore: { USD: "7" },
    billedAfter: { USD: "17.5" },
    groups: [group],
  };
  render(<ImportReportView report={{ ...report, restated: [restated] }} />);
  const text = screen.getByRole("article").textContent;
  expect(text).toContain("2 rows added, 2 removed, 1 changed");
  expect(screen.getByTitle("14.5 USD")).toBeTruthy();
  expect(text).toContain("All others");
  expect(screen.getByTitle("-4 USD")).toBeTruthy();
});

it("says that a bill was here already", () => {
  render(<ImportReportView report={{ ...report, unchanged: true }} />);
  expect(screen.getByRole("status").textContent).toContain("nothing has changed");
});
