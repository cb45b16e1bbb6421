import { type KeyboardEvent, type PointerEvent, useMemo, useState } from "react";
import { type PrintFigure, type Series, toNumber } from "./series.ts";
import { type BucketRange, TrendBrush } from "./trend-brush.tsx";
import { layOutTrend, margin, type TrendKind } from "./trend-layout.ts";
import { TrendAxes, TrendMarks } from "./trend-marks.tsx";
import { TrendTooltip } from "./trend-tooltip.tsx";
import { useWidth } from "./use-width.ts";

interface TrendChartProps {
  /** What the chart says, in a sentence, for those who do not see it. */
  description: string;
  buckets: readonly string[];
  formatBucket: (bucket: string, form: "axis" | "full") => string;
  /** Null is a gap: nothing is known. */
  series: readonly Series[];
  /** Total of each bucket in the period that this one is compared with, dashed. Not drawn over lines. */
  previous: readonly (string | null)[] | null;
  /** Bucket that is not over yet: hatched. */
  incomplete: string | null;
  /** From this bucket on it is expected and not spent: hatched. */
  forecastFrom?: string | null;
  currency: string;
  /** How figures are printed that are no amounts of the currency, such as quantities. */
  print?: PrintFigure | undefined;
  kind: TrendKind;
  highlight?: string | null;
  height?: number;
  /** Every point is a door: a click, or Enter at the point that the arrow keys are on. */
  onActivate?: (bucket: string) => void;
  /** The whole time below the chart, of which the chart shows the range. */
  brush?: { range: BucketRange | null; onRange: (range: BucketRange | null) => void };
}

/** Cost over time, stacked by what it went to, the period before as a dashed line. Arrow keys walk through the buckets. */
export function TrendChart(props: TrendChartProps) {
  const { kind, brush, height = 280, onActivate } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [active, setActive] = useState<number | null>(null);
  const { buckets, series, previous } = useShown(props);
  const layout = useMemo(
    () => (width === 0 ? null : layOutTrend({ buckets, series, previous, kind, width, height })),
    [buckets, series, previous, kind, width, height],
  );
  const { incomplete, forecastFrom = null } = props;
  const hatched = useMemo(
    () =>
      buckets.flatMap((bucket, index) =>
        bucket === incomplete || (forecastFrom !== null && bucket >= forecastFrom) ? [index] : [],
      ),
    [buckets, incomplete, forecastFrom],
  );
  const point = (event: PointerEvent<SVGSVGElement>) => {
    if (layout === null || buckets.length === 0) return;
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left;
    setActive(nearest(layout.x, at));
  };
  const walk = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (event.key === "Escape") setActive(null);
    if (event.key === "Enter" && active !== null && buckets[active] !== undefined) onActivate?.(buckets[active]);
    const target =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? buckets.length - 1
          : step === 0
            ? null
            : active === null
              ? step > 0
                ? 0
                : buckets.length - 1
              : active + step;
    if (target === null || buckets.length === 0) return;
    event.preventDefault();
    setActive(Math.max(0, Math.min(buckets.length - 1, target)));
  };
  const shown = active !== null && active < buckets.length ? active : null;
  return (
    <div>
      <div ref={box} className="relative" style={{ height }}>
        {layout !== null && (
          <svg
            data-chart
            width={width}
            height={height}
            role="img"
            aria-label={`${props.description} Use the arrow keys to walk through it.`}
            tabIndex={0}
            onPointerMove={point}
            onPointerLeave={() => setActive(null)}
            onClick={() => shown !== null && onActivate?.(buckets[shown]!)}
            onKeyDown={walk}
            onBlur={() => setActive(null)}
            className={
              onActivate === undefined ? "block touch-pan-y rounded-md" : "block cursor-pointer touch-pan-y rounded-md"
            }
          >
            <g transform={`translate(${margin.left},${margin.top})`}>
              <TrendAxes
                layout={layout}
                buckets={buckets}
                formatBucket={props.formatBucket}
                currency={props.currency}
                print={props.print}
              />
              <TrendMarks layout={layout} hatched={hatched} highlight={props.highlight ?? null} />
              {shown !== null && kind === "bars" && (
                <rect
                  x={layout.x[shown]! - layout.step / 2}
                  width={layout.step}
                  height={layout.plotHeight}
                  fill="var(--text-1)"
                  opacity={0.07}
                />
              )}
              {shown !== null && kind !== "bars" && (
                <line x1={layout.x[shown]} x2={layout.x[shown]} y2={layout.plotHeight} stroke="var(--text-2)" />
              )}
            </g>
          </svg>
        )}
        {layout !== null && shown !== null && (
          <TrendTooltip
            title={props.formatBucket(buckets[shown]!, "full")}
            note={noteOf(buckets[shown]!, incomplete, forecastFrom)}
            series={series}
            bucket={shown}
            previous={previous?.[shown] ?? null}
            currency={props.currency}
            print={props.print}
            x={margin.left + layout.x[shown]!}
            width={width}
          />
        )}
      </div>
      {brush !== undefined && width > 0 && props.buckets.length > 1 && (
        <Overview {...props} width={width} brush={brush} />
      )}
    </div>
  );
}

/** The part of it that is chosen below the chart. */
function useShown({ buckets, series, previous, brush }: TrendChartProps) {
  const from = brush?.range?.[0] ?? 0;
  const to = (brush?.range?.[1] ?? buckets.length - 1) + 1;
  return useMemo(
    () => ({
      buckets: buckets.slice(from, to),
      series: series.map((one) => ({ ...one, values: one.values.slice(from, to) })),
      previous: previous?.slice(from, to) ?? null,
    }),
    [buckets, series, previous, from, to],
  );
}

function Overview({
  buckets,
  series,
  formatBucket,
  width,
  brush,
}: TrendChartProps & { width: number; brush: NonNullable<TrendChartProps["brush"]> }) {
  const sizes = useMemo(
    () => buckets.map((_, bucket) => series.reduce((sum, one) => sum + Math.max(0, toNumber(one.values[bucket])), 0)),
    [buckets, series],
  );
  return (
    <TrendBrush
      width={width}
      sizes={sizes}
      labelOf={(bucket) => formatBucket(buckets[bucket] ?? "", "full")}
      range={brush.range}
      onRange={brush.onRange}
    />
  );
}

function noteOf(bucket: string, incomplete: string | null, forecastFrom: string | null): string | null {
  if (forecastFrom !== null && bucket >= forecastFrom) return "Expected, not spent.";
  return bucket === incomplete ? "Not over yet: more will come." : null;
}

function nearest(x: readonly number[], at: number): number {
  return x.reduce((best, value, index) => (Math.abs(value - at) < Math.abs(x[best]! - at) ? index : best), 0);
}
