import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from "react";
import { formatMoneyShort } from "../text/format-figure.ts";
import { joinClasses } from "../text/join-classes.ts";
import type { Series } from "./series.ts";
import { layOutTrend, margin, type TrendLayout } from "./trend-layout.ts";
import { TrendTooltip } from "./trend-tooltip.tsx";
import { useWidth } from "./use-width.ts";

interface TrendChartProps {
  /** What the chart says, in a sentence, for those who do not see it. */
  description: string;
  buckets: readonly string[];
  formatBucket: (bucket: string, form: "axis" | "full") => string;
  series: readonly Series[];
  /** Total of each bucket in the period that this one is compared with. */
  previous: readonly (string | null)[] | null;
  /** Bucket that is not over yet: hatched. */
  incomplete: string | null;
  currency: string;
  kind: "area" | "bars";
  highlight?: string | null;
}

const height = 280;

/** Cost over time, stacked by what it went to, the period before as a dashed line. Arrow keys walk through the buckets. */
export function TrendChart(props: TrendChartProps) {
  const { buckets, series, previous, kind } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [active, setActive] = useState<number | null>(null);
  const layout = useMemo(
    () => (width === 0 ? null : layOutTrend({ buckets, series, previous, kind, width, height })),
    [buckets, series, previous, kind, width],
  );
  const point = (event: PointerEvent<SVGSVGElement>) => {
    if (layout === null) return;
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left;
    setActive(nearest(layout.x, at));
  };
  const walk = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (event.key === "Escape") setActive(null);
    if (step === 0) return;
    event.preventDefault();
    setActive((now) =>
      Math.max(0, Math.min(buckets.length - 1, now === null ? (step > 0 ? 0 : buckets.length - 1) : now + step)),
    );
  };
  const shown = active !== null && active < buckets.length ? active : null;
  return (
    <div ref={box} className="relative h-[280px]">
      {layout !== null && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${props.description} Use the arrow keys to walk through it.`}
          tabIndex={0}
          onPointerMove={point}
          onPointerLeave={() => setActive(null)}
          onKeyDown={walk}
          onBlur={() => setActive(null)}
          className="block touch-pan-y rounded-md"
        >
          <g transform={`translate(${margin.left},${margin.top})`}>
            <Axes {...props} layout={layout} />
            <Marks {...props} layout={layout} active={shown} />
          </g>
        </svg>
      )}
      {layout !== null && shown !== null && (
        <TrendTooltip
          title={props.formatBucket(buckets[shown]!, "full")}
          isIncomplete={buckets[shown] === props.incomplete}
          series={series}
          bucket={shown}
          previous={previous?.[shown] ?? null}
          currency={props.currency}
          x={margin.left + layout.x[shown]!}
          width={width}
        />
      )}
    </div>
  );
}

function Axes({ buckets, formatBucket, currency, layout }: TrendChartProps & { layout: TrendLayout }) {
  return (
    <g className="fill-text-3 text-[11px]">
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
            {axisMoney(value, currency)}
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
}

function Marks({
  buckets,
  incomplete,
  highlight,
  layout,
  active,
}: TrendChartProps & { layout: TrendLayout; active: number | null }) {
  const hatch = useId();
  const dim = (id: string) => highlight != null && highlight !== id;
  const last = incomplete === null ? -1 : buckets.indexOf(incomplete);
  return (
    <>
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
          strokeWidth={0.75}
          className="transition-opacity duration-[120ms]"
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
          opacity={dim(bar.series.id) ? 0.2 : active === null || active === bar.bucket ? 1 : 0.7}
          className="transition-opacity duration-[120ms]"
        />
      ))}
      {last >= 0 && (
        <rect
          x={layout.x[last]! - layout.step / 2}
          width={layout.step}
          y={0}
          height={layout.zeroY}
          fill={`url(#${hatch})`}
        />
      )}
      {layout.previousPath !== null && (
        <path d={layout.previousPath} fill="none" stroke="var(--text-2)" strokeWidth={1.5} strokeDasharray="4 3" />
      )}
      {active !== null && (
        <line
          x1={layout.x[active]}
          x2={layout.x[active]}
          y1={0}
          y2={layout.plotHeight}
          stroke="var(--text-2)"
          strokeWidth={1}
          className={joinClasses("pointer-events-none", layout.bars.length > 0 && "opacity-0")}
        />
      )}
    </>
  );
}

/** Round values of an axis have no cents to lose. */
function axisMoney(value: number, currency: string): string {
  return formatMoneyShort(String(value), currency).replace(/\.0+(?=\D*$)/, "");
}

function nearest(x: readonly number[], at: number): number {
  return x.reduce((best, value, index) => (Math.abs(value - at) < Math.abs(x[best]! - at) ? index : best), 0);
}
