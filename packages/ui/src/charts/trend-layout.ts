import { area, line, scaleBand, scaleLinear, scalePoint, stack, stackOffsetDiverging } from "d3";
import { type Series, toNumber } from "./series.ts";

export const margin = { top: 8, right: 8, bottom: 22, left: 56 };

export interface TrendLayout {
  plotWidth: number;
  plotHeight: number;
  ticks: { value: number; y: number }[];
  zeroY: number;
  /** Middle of each bucket, and the width that belongs to it. */
  x: readonly number[];
  step: number;
  bars: { series: Series; bucket: number; x: number; y: number; width: number; height: number }[];
  areas: { series: Series; path: string }[];
  lines: { series: Series; path: string }[];
  /** Where a line is known at one bucket and at none beside it: a line of one point shows nothing. */
  dots: { series: Series; bucket: number; x: number; y: number }[];
  previousPath: string | null;
  xLabels: { x: number; bucket: number }[];
}

export type TrendKind = "area" | "bars" | "lines";

interface TrendInput {
  buckets: readonly string[];
  series: readonly Series[];
  previous: readonly (string | null)[] | null;
  kind: TrendKind;
  width: number;
  height: number;
}

/** Where everything of a stacked trend stands. Negative parts (credits, refunds) hang below the zero line. */
export function layOutTrend({ buckets, series, previous, kind, width, height }: TrendInput): TrendLayout {
  const plotWidth = Math.max(0, width - margin.left - margin.right);
  const plotHeight = height - margin.top - margin.bottom;
  const rows = buckets.map((_, bucket) =>
    Object.fromEntries(series.map((one) => [one.id, toNumber(one.values[bucket])])),
  );
  const stacked = stack<Record<string, number>>()
    .keys(series.map((one) => one.id))
    .value((row, key) => row[key] ?? 0)
    .offset(stackOffsetDiverging)(rows);
  const before = previous?.map(toNumber) ?? [];
  const own = series.flatMap((one) => one.values.map(toNumber));
  const edges = [0, ...(kind === "lines" ? own : stacked.flat(2)), ...(kind === "lines" ? [] : before)].filter(
    Number.isFinite,
  );
  const y = scaleLinear().domain(domainOf(edges)).nice(5).range([plotHeight, 0]);
  const indexes = buckets.map((_, index) => index);
  const band = scaleBand<number>()
    .domain(indexes)
    .range([0, plotWidth])
    .paddingInner(buckets.length > 60 ? 0.1 : 0.25)
    .paddingOuter(0.1);
  const point = scalePoint<number>()
    .domain(indexes)
    .range([0, plotWidth])
    .padding(buckets.length === 1 ? 0.5 : 0);
  const x = indexes.map((index) => (kind === "bars" ? band(index)! + band.bandwidth() / 2 : point(index)!));
  // A bucket of which nothing is known is a gap, not a cost of nothing.
  const isKnown = (bucket: number) => series.some((one) => one.values[bucket] != null);
  const step = kind === "bars" ? band.step() : buckets.length > 1 ? point.step() : plotWidth;
  /** A bar of its own where an area of one bucket would be as wide as nothing. */
  const barAt = (bucket: number) => {
    const left = Math.max(0, x[bucket]! - step * 0.375);
    return kind === "bars"
      ? { x: band(bucket)!, width: band.bandwidth() }
      : { x: left, width: Math.min(plotWidth, x[bucket]! + step * 0.375) - left };
  };
  // Straight lines, which are the default: a curve would show costs on days that had none.
  const shape = area<number>()
    .x((index) => x[index]!)
    .defined(isKnown);
  return {
    plotWidth,
    plotHeight,
    ticks: y.ticks(5).map((value) => ({ value, y: y(value) })),
    zeroY: y(0),
    x,
    step,
    bars:
      kind === "lines"
        ? []
        : stacked.flatMap((layer, index) =>
            layer.flatMap(([from, to], bucket) => {
              if (kind === "area" && !isAlone(bucket, isKnown)) return [];
              const top = Math.min(y(from), y(to));
              const tall = Math.abs(y(from) - y(to));
              return tall < 0.05 ? [] : [{ series: series[index]!, bucket, y: top, height: tall, ...barAt(bucket) }];
            }),
          ),
    areas:
      kind === "area"
        ? stacked.map((layer, index) => ({
            series: series[index]!,
            path: shape.y0((bucket) => y(layer[bucket]![0])).y1((bucket) => y(layer[bucket]![1]))(indexes) ?? "",
          }))
        : [],
    lines:
      kind === "lines"
        ? series.map((one) => ({
            series: one,
            path:
              line<number>()
                .x((index) => x[index]!)
                .y((index) => y(toNumber(one.values[index])))
                .defined((index) => one.values[index] != null)(indexes) ?? "",
          }))
        : [],
    dots:
      kind === "lines"
        ? series.flatMap((one) =>
            indexes
              .filter((index) => isAlone(index, (bucket) => one.values[bucket] != null))
              .map((bucket) => ({ series: one, bucket, x: x[bucket]!, y: y(toNumber(one.values[bucket])) })),
          )
        : [],
    previousPath:
      previous === null || kind === "lines"
        ? null
        : line<number>()
            .x((index) => x[index]!)
            .y((index) => y(before[index] ?? 0))
            .defined((index) => previous[index] != null)(indexes),
    xLabels: labelled(x, plotWidth),
  };
}

function isAlone(bucket: number, isKnown: (bucket: number) => boolean): boolean {
  return isKnown(bucket) && !isKnown(bucket - 1) && !isKnown(bucket + 1);
}

/** From the lowest to the highest; of nothing at all, from 0 to 1. */
function domainOf(edges: readonly number[]): [number, number] {
  const low = edges.reduce((a, b) => Math.min(a, b), 0);
  const high = edges.reduce((a, b) => Math.max(a, b), 0);
  return low === high ? [0, 1] : [low, high];
}

/** As many labels as fit without touching, evenly apart. */
function labelled(x: readonly number[], plotWidth: number): TrendLayout["xLabels"] {
  const every = Math.max(1, Math.ceil(x.length / Math.max(2, Math.floor(plotWidth / 84))));
  return x.flatMap((at, bucket) => (bucket % every === 0 ? [{ x: at, bucket }] : []));
}
