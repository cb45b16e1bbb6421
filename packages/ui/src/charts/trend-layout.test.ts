import { expect, it } from "vitest";
import { seriesColours, type Series } from "./series.ts";
import { layOutTrend } from "./trend-layout.ts";

const series = (id: string, values: (string | null)[]): Series => ({
  id,
  label: id,
  colour: "",
  isOther: false,
  values,
});
const lay = (parts: Series[], kind: "area" | "bars" = "bars") =>
  layOutTrend({ buckets: ["2026-11-01", "2026-11-02"], series: parts, previous: null, kind, width: 600, height: 280 });

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

it("gives an entity the same colour whoever stands beside it, and no two the same", () => {
  const alone = seriesColours(["Amazon EC2"]).get("Amazon EC2");
  expect(seriesColours(["Amazon EC2", "Amazon S3", "AWS Lambda"]).get("Amazon EC2")).toBe(alone);
  const ten = seriesColours(Array.from({ length: 10 }, (_, index) => `service ${index}`));
  expect(new Set(ten.values()).size).toBe(10);
});
