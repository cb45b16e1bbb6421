import { toNumber } from "./series.ts";

const width = 96;
const height = 24;

/** The course of a figure, without axes: beside the figure, never instead of it. */
export function Sparkline({ values }: { values: readonly (string | null)[] }) {
  const points = values.map(toNumber);
  if (points.length < 2) return null;
  const low = Math.min(0, ...points);
  const high = Math.max(0, ...points);
  const x = (index: number) => (index / (points.length - 1)) * (width - 2) + 1;
  const y = (value: number) =>
    high === low ? height - 1 : height - 1.5 - ((value - low) / (high - low)) * (height - 3);
  const line = points
    .map((value, index) => `${index === 0 ? "M" : "L"}${x(index).toFixed(1)},${y(value).toFixed(1)}`)
    .join("");
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden className="h-6 w-full">
      <path d={`${line}L${x(points.length - 1)},${y(0)}L${x(0)},${y(0)}Z`} fill="var(--accent)" opacity={0.08} />
      <path d={line} fill="none" stroke="var(--accent)" strokeWidth={1.25} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
