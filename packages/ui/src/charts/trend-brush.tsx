import { area, scaleLinear } from "d3";
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { margin } from "./trend-layout.ts";

/** The first and the last bucket that are shown, both in it. */
export type BucketRange = readonly [first: number, last: number];

interface TrendBrushProps {
  width: number;
  /** Size of each bucket, for the small picture. */
  sizes: readonly number[];
  labelOf: (bucket: number) => string;
  range: BucketRange | null;
  /** Told when the pointer lets go, and at each key; null is all of it. */
  onRange: (range: BucketRange | null) => void;
}

const height = 36;

/** The whole time below the chart, and which part of it is above: drag over it, or move its ends by the arrow keys. */
export function TrendBrush({ width, sizes, labelOf, range, onRange }: TrendBrushProps) {
  const strip = useRef<SVGSVGElement>(null);
  const [dragged, setDragged] = useState<BucketRange | null>(null);
  const start = useRef<number | null>(null);
  const plotWidth = Math.max(1, width - margin.left - margin.right);
  const last = sizes.length - 1;
  const step = plotWidth / Math.max(1, sizes.length);
  const path = useMemo(() => miniature(sizes, step), [sizes, step]);
  const [from, to] = dragged ?? range ?? [0, last];
  const bucketAt = (event: PointerEvent) => {
    const x = event.clientX - (strip.current?.getBoundingClientRect().left ?? 0) - margin.left;
    return Math.max(0, Math.min(last, Math.floor(x / step)));
  };
  const tell = (next: BucketRange) => onRange(next[0] <= 0 && next[1] >= last ? null : next);
  const onPointerDown = (event: PointerEvent<SVGSVGElement>) => {
    event.currentTarget.setPointerCapture?.(event.pointerId);
    start.current = bucketAt(event);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current === null) return;
    const at = bucketAt(event);
    if (at !== start.current || dragged !== null)
      setDragged([Math.min(start.current, at), Math.max(start.current, at)]);
  };
  const onPointerUp = () => {
    // A click without a drag shows all again.
    if (start.current !== null) {
      if (dragged === null) onRange(null);
      else tell(dragged);
    }
    start.current = null;
    setDragged(null);
  };
  const moveEnd = (end: "first" | "last") => (event: KeyboardEvent) => {
    const big = Math.max(1, Math.round(sizes.length / 10));
    const by: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageDown: -big,
      PageUp: big,
      Home: -last,
      End: last,
    };
    const moved = by[event.key];
    if (event.key === "Escape") return onRange(null);
    if (moved === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    tell(
      end === "first"
        ? [Math.max(0, Math.min(to, from + moved)), to]
        : [from, Math.min(last, Math.max(from, to + moved))],
    );
  };
  const handle = (end: "first" | "last", bucket: number, x: number) => (
    <g
      role="slider"
      tabIndex={0}
      aria-label={end === "first" ? "First shown" : "Last shown"}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={bucket}
      aria-valuetext={labelOf(bucket)}
      onKeyDown={moveEnd(end)}
      className="cursor-ew-resize"
    >
      <rect x={x - 4} y={0} width={8} height={height} fill="transparent" />
      <rect x={x - 2.5} y={10} width={5} height={16} rx={2} fill="var(--surface-1)" stroke="var(--text-2)" />
    </g>
  );
  return (
    <svg
      ref={strip}
      width={width}
      height={height}
      role="group"
      aria-label="Choose what is shown: arrow keys move the first and the last, Escape shows all."
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      className="mt-1 block cursor-crosshair touch-none select-none"
    >
      <g transform={`translate(${margin.left},0)`}>
        <rect width={plotWidth} height={height} rx={3} fill="var(--surface-2)" />
        <path d={path} fill="var(--text-3)" opacity={0.35} />
        <rect
          x={from * step}
          width={Math.max(2, (to - from + 1) * step)}
          height={height}
          rx={3}
          fill="var(--accent)"
          fillOpacity={range === null && dragged === null ? 0 : 0.14}
          stroke="var(--line-strong)"
        />
        {handle("first", from, from * step)}
        {handle("last", to, (to + 1) * step)}
      </g>
    </svg>
  );
}

function miniature(sizes: readonly number[], step: number): string {
  const high = sizes.reduce((a, b) => Math.max(a, b), 0) || 1;
  const y = scaleLinear()
    .domain([0, high])
    .range([height - 2, 4])
    .clamp(true);
  const shape = area<number>()
    .x((_, index) => (index + 0.5) * step)
    .y0(height - 2)
    .y1((size) => y(size));
  return shape([...sizes]) ?? "";
}
