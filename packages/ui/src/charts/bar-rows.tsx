import { useMemo } from "react";
import { type Bar, barHeight, layOutBars } from "./bars-layout.ts";
import { PartTooltip } from "./chart-tooltip.tsx";
import { partSentence } from "./figure-text.ts";
import { fitText, type Part } from "./part.ts";
import { useMarks } from "./use-marks.ts";
import { useWidth } from "./use-width.ts";

interface BarRowsProps {
  description: string;
  rows: readonly { part: Part; amount: string }[];
  currency: string;
  good: "down" | "up" | "neither";
  total?: string;
  colourOf: (bar: Bar) => string;
  textOf: (bar: Bar) => string;
  onActivate: ((part: Part) => void) | undefined;
}

const amountWidth = 84;

/** Name, bar and amount in a line each. */
export function BarRows(props: BarRowsProps) {
  const { description, rows, currency, good, total, colourOf, textOf, onActivate } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const nameWidth = Math.min(240, Math.max(96, width * 0.34));
  const plotWidth = Math.max(0, width - nameWidth - amountWidth - 16);
  const { bars, zeroX } = useMemo(() => layOutBars(rows, plotWidth), [rows, plotWidth]);
  const marks = useMarks({
    count: bars.length,
    onActivate:
      onActivate === undefined
        ? undefined
        : (index) => bars[index]!.part.isOther !== true && onActivate(bars[index]!.part),
  });
  const shown = marks.active === null ? null : bars[marks.active];
  const height = bars.length * barHeight;
  return (
    <div ref={box} className="relative" style={{ height }}>
      {width > 0 && (
        <svg data-chart width={width} height={height} role="group" aria-label={description} {...marks.svgProps}>
          {bars.map((bar, index) => (
            <g
              key={bar.part.id}
              transform={`translate(0,${bar.y})`}
              {...marks.markProps(index, partSentence(bar.part, total ?? null, currency))}
            >
              <rect
                width={width}
                height={barHeight}
                rx={4}
                fill={marks.active === index ? "var(--surface-3)" : "transparent"}
              />
              <text x={4} y={18} className="fill-text-1 text-[12px]">
                {fitText(bar.part.label, nameWidth - 12, 12)}
              </text>
              <rect
                x={nameWidth + bar.x}
                y={7}
                width={bar.width}
                height={barHeight - 14}
                rx={2}
                fill={colourOf(bar)}
                fillOpacity={0.85}
              />
              <text x={width - 4} y={18} textAnchor="end" className="fill-text-1 text-[12px]">
                {textOf(bar)}
              </text>
            </g>
          ))}
          <line x1={nameWidth + zeroX} x2={nameWidth + zeroX} y1={0} y2={height} stroke="var(--line-strong)" />
        </svg>
      )}
      {shown != null && (
        <PartTooltip
          part={shown.part}
          total={total ?? null}
          currency={currency}
          good={good}
          x={Math.min(width - 290, nameWidth)}
          y={shown.y + barHeight + 4}
          width={width}
        />
      )}
    </div>
  );
}
