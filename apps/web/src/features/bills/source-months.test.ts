import type { DatasetPeriod, SourceCompleteness } from "@finops/capabilities/sources/contract";
import { expect, it } from "vitest";
import { sourceRows } from "./source-months.ts";

const version = {
  id: "v",
  source: "aws",
  sourceName: "AWS 1",
  number: 1,
  state: "published",
  format: "aws-cur-2",
  formatName: "AWS CUR 2.0",
  rowsRejected: 0,
  rows: 10,
  totals: {},
  createdAt: "2026-11-20T06:00:00Z",
};
const period = (billingPeriod: string): DatasetPeriod => ({
  billingPeriod,
  position: billingPeriod,
  kind: "import",
  publishedAt: "2026-11-20T06:00:00Z",
  actor: "Ann",
  note: "",
  isCurrent: true,
  versions: [version],
});
const periods = ["2026-08-01", "2026-10-01", "2026-11-01"].map(period);
const lacks: SourceCompleteness = {
  source: "aws",
  sourceName: "AWS 1",
  firstDay: "2026-08-01",
  lastDay: "2026-11-19",
  months: [{ billingPeriod: "2026-10-01", daysExpected: 31, missingDays: ["2026-10-14", "2026-10-15"] }],
  lastArrival: "2026-11-20T06:00:00Z",
  usualIntervalDays: 1,
  lateSince: "2026-11-22T06:00:00Z",
};

it("tells a month that lacks days from one that is missing, and a source that is late", () => {
  const [row] = sourceRows(periods, "2026-11-24", [lacks]);
  expect(row!.months.map(({ state }) => state)).toEqual(["complete", "missing", "gaps", "running"]);
  expect(row).toMatchObject({ missing: 1, missingDays: 2, isLate: true });
});

it("says nothing of days before it is known what a source lacks", () => {
  const [row] = sourceRows(periods, "2026-11-24");
  expect(row!.months.map(({ state }) => state)).toEqual(["complete", "missing", "complete", "running"]);
  expect(row).toMatchObject({ missingDays: 0, isLate: false });
});
