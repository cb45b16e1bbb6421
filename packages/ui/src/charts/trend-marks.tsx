import { memo, useId } from "react";
import { axisMoney } from "./figure-text.ts";
import type { PrintFigure } from "./series.ts";
import type { TrendLayout } from "./trend-layout.ts";

interface TrendAxesProps {
  layout: TrendLayout;
  buckets: readonly string[];
  formatBucket: (bucket: string, form: "axis" | "full") => string;
  currency: string;
  print?: PrintFigure | undefined;
}

export const TrendAxes = memo(function TrendAxes({ buckets, formatBucket, currency, print, layout }: TrendAxesProps) {
  return (
    <g className="fill-text-3 text-[11px]" aria-hidden>
      {layout.ticks.map(({ value, y }) => (
        <g key={value}>
          <line
            x1={0}
            x2={layout.plotWidth}
            y1={y}
            y2={y}
            stroke={value === 0 ? "var(--line-strong)" : "var(--line)"}
          />
          <text x={-8} y={y} dy="0.32em" textAnchor="end">
            {print === undefined ? axisMoney(value, currency) : print(String(value), "axis")}
          </text>
        </g>
      ))}
      {layout.xLabels.map(({ x, bucket }) => (
        <text key={bucket} x={x} y={layout.plotHeight + 16} textAnchor={x > layout.plotWidth - 20 ? "end" : "middle"}>
          {formatBucket(buckets[bucket]!, "axis")}
        </text>
      ))}
    </g>
  );
});

interface TrendMarksProps {
  layout: TrendLayout;
  /** Buckets that are not what was spent: not over yet, or expected. */
  hatched: readonly number[];
  highlight: string | null;
}

/** Drawn once per layout: a pointer that moves over 400 days does not draw 4,000 bars again. */
export const TrendMarks = memo(function TrendMarks({ layout, hatched, highlight }: TrendMarksProps) {
  const hatch = useId();
  const dim = (id: string) => highlight !== null && highlight !== id;
  return (
    <g aria-hidden>
      <defs>
        <pattern id={hatch} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width={3} height={6} fill="var(--surface-1)" opacity={0.55} />
        </pattern>
      </defs>
      {layout.areas.map(({ series, path }) => (
        <path
          key={series.id}
          d={path}
          fill={series.colour}
          opacity={dim(series.id) ? 0.2 : 0.88}
          stroke="var(--surface-1)"
          strokeWidth={layout.x.length > 120 ? 0 : 0.75}
          className="transition-opacity duration-[120ms]"
        />
      ))}
      {layout.lines.map(({ series, path }) => (
        <path
          key={series.id}
          d={path}
          fill="none"
          stroke={series.colour}
          strokeWidth={highlight === series.id ? 2.5 : 1.75}
          strokeLinejoin="round"
          opacity={dim(series.id) ? 0.2 : 1}
          className="transition-opacity duration-[120ms]"
        />
      ))}
      {layout.dots.map(({ series, bucket, x, y }) => (
        <circle
          key={`${series.id} ${bucket}`}
          cx={x}
          cy={y}
          r={highlight === series.id ? 5 : 4}
          fill={series.colour}
          opacity={dim(series.id) ? 0.2 : 1}
        />
      ))}
      {layout.bars.map((bar) => (
        <rect
          key={`${bar.series.id} ${bar.bucket}`}
          x={bar.x}
          y={bar.y}
          width={bar.width}
          height={bar.height}
          fill={bar.series.colour}
          opacity={dim(bar.series.id) ? 0.2 : 1}
        />
      ))}
      {hatched.map((bucket) => (
        <rect
          key={bucket}
          x={layout.x[bucket]! - layout.step / 2}
          width={layout.step}
          y={0}
          height={layout.plotHeight}
          fill={`url(#${hatch})`}
        />
      ))}
      {layout.previousPath !== null && (
        <path d={layout.previousPath} fill="none" stroke="var(--text-2)" strokeWidth={1.5} strokeDasharray="4 3" />
      )}
    </g>
  );
});
