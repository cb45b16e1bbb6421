import { expect, it } from "vitest";
import { seriesColours, type Series } from "./series.ts";
import { layOutTrend, type TrendKind } from "./trend-layout.ts";

const series = (id: string, values: (string | null)[]): Series => ({
  id,
  label: id,
  colour: "",
  isOther: false,
  values,
});
const lay = (parts: Series[], kind: TrendKind = "bars", buckets = ["2026-11-01", "2026-11-02"]) =>
  layOutTrend({ buckets, series: parts, previous: null, kind, width: 600, height: 280 });

it("stacks costs upwards and hangs credits below the line of zero", () => {
  const { bars, zeroY } = lay([series("ec2", ["100", "50"]), series("credit", ["-40", null])]);
  const at = (id: string, bucket: number) => bars.find((bar) => bar.series.id === id && bar.bucket === bucket);
  expect(at("ec2", 0)!.y + at("ec2", 0)!.height).toBeCloseTo(zeroY);
  expect(at("credit", 0)!.y).toBeCloseTo(zeroY);
  expect(at("credit", 1)).toBeUndefined();
});

it("draws a chart of nothing without failing", () => {
  expect(lay([]).bars).toEqual([]);
  expect(lay([series("ec2", [null, null])], "area").areas).toHaveLength(1);
});

it("draws what is known of one bucket alone: a dot instead of a line, a bar instead of an area", () => {
  const spent = series("spent", ["100"]);
  expect(lay([spent], "lines", ["2026-10-01"]).dots).toMatchObject([{ bucket: 0, x: 268 }]);
  expect(lay([spent], "area", ["2026-10-01"]).bars[0]!.width).toBeGreaterThan(100);
  const gaps = [series("spent", [null, "100", null, "80", "90"])];
  const days = ["1", "2", "3", "4", "5"];
  expect(lay(gaps, "lines", days).dots.map(({ bucket }) => bucket)).toEqual([1]);
  expect(lay(gaps, "area", days).bars.map(({ bucket }) => bucket)).toEqual([1]);
  expect(lay(gaps, "bars", days).dots).toEqual([]);
});

it("keeps the bar of a first or last bucket inside the plot", () => {
  const { bars, plotWidth } = lay([series("spent", ["100", null, "100"])], "area", ["1", "2", "3"]);
  expect(bars.map(({ bucket }) => bucket)).toEqual([0, 2]);
  expect(bars[0]!.x).toBe(0);
  expect(bars[1]!.x + bars[1]!.width).toBeLessThanOrEqual(plotWidth);
});

it("gives an entity the same colour whoever stands beside it, and no two the same", () => {
  const alone = seriesColours(["Amazon EC2"]).get("Amazon EC2");
  expect(seriesColours(["Amazon EC2", "Amazon S3", "AWS Lambda"]).get("Amazon EC2")).toBe(alone);
  const ten = seriesColours(Array.from({ length: 10 }, (_, index) => `service ${index}`));
  expect(new Set(ten.values()).size).toBe(10);
});
