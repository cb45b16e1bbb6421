import { useMemo } from "react";
import { formatMoneyShort, formatPercent } from "../text/format-figure.ts";
import { PartTooltip } from "./chart-tooltip.tsx";
import { layOutDonut } from "./donut-layout.ts";
import { partSentence, shareOf, totalOf } from "./figure-text.ts";
import { fitText, type Part } from "./part.ts";
import { otherColour, seriesColours } from "./series.ts";
import { useMarks } from "./use-marks.ts";
import { useWidth } from "./use-width.ts";

interface DonutProps {
  description: string;
  parts: readonly Part[];
  currency: string;
  height?: number;
  onActivate?: (part: Part) => void;
}

/** Shares of a whole, with the whole in the middle and the names beside it. For up to a dozen parts. */
export function Donut({ description, parts, currency, height = 240, onActivate }: DonutProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const radius = Math.max(40, Math.min(height / 2 - 4, width / 4));
  const { slices, negatives } = useMemo(() => layOutDonut(parts, radius), [parts, radius]);
  const colours = useMemo(() => seriesColours(slices.map((slice) => slice.part.id)), [slices]);
  const total = useMemo(() => totalOf(parts), [parts]);
  const colourOf = (part: Part) =>
    part.isOther === true ? otherColour : (part.colour ?? colours.get(part.id) ?? otherColour);
  const marks = useMarks({
    count: slices.length,
    onActivate:
      onActivate === undefined
        ? undefined
        : (index) => slices[index]!.part.isOther !== true && onActivate(slices[index]!.part),
  });
  const shown = marks.active === null ? null : slices[marks.active];
  const listX = radius * 2 + 28;
  const lines = Math.floor(height / 22);
  const listed = slices.slice(0, slices.length > lines ? lines - 1 : lines);
  return (
    <div>
      <div ref={box} className="relative" style={{ height }}>
        {width > 0 && (
          <svg data-chart width={width} height={height} role="group" aria-label={description} {...marks.svgProps}>
            <g transform={`translate(${radius + 4},${height / 2})`}>
              {slices.length === 0 && (
                <circle r={radius * 0.82} fill="none" stroke="var(--surface-3)" strokeWidth={radius * 0.36} />
              )}
              {slices.map((slice, index) => (
                <path
                  key={slice.part.id}
                  d={slice.path}
                  fill={colourOf(slice.part)}
                  opacity={marks.active === null || marks.active === index ? 1 : 0.4}
                  stroke={marks.active === index ? "var(--text-1)" : "none"}
                  strokeWidth={1.5}
                  {...marks.markProps(index, partSentence(slice.part, total, currency))}
                />
              ))}
              <text textAnchor="middle" y={6} className="fill-text-1 text-[16px] font-semibold">
                {formatMoneyShort(total, currency)}
              </text>
            </g>
            {listed.map((slice, index) => (
              <Name
                key={slice.part.id}
                slice={slice.part}
                colour={colourOf(slice.part)}
                share={shareOf(slice.part.value ?? "0", total)}
                x={listX}
                y={(height - listed.length * 22) / 2 + index * 22 + 15}
                width={width - listX}
                isDim={marks.active !== null && marks.active !== index}
                onPoint={marks.show}
                index={index}
              />
            ))}
          </svg>
        )}
        {shown != null && (
          <PartTooltip
            part={shown.part}
            total={total}
            currency={currency}
            x={radius + 4 + shown.x}
            y={Math.min(height / 2 + shown.y, height - 110)}
            width={width}
          />
        )}
      </div>
      {negatives.length > 0 && (
        <p className="mt-2 text-xs text-text-2">
          {negatives.length} negative {negatives.length === 1 ? "part is" : "parts are"} in the total and not in the
          ring.
        </p>
      )}
    </div>
  );
}

interface NameProps {
  slice: Part;
  colour: string;
  share: string | null;
  x: number;
  y: number;
  width: number;
  isDim: boolean;
  index: number;
  onPoint: (index: number | null) => void;
}

function Name({ slice, colour, share, x, y, width, isDim, index, onPoint }: NameProps) {
  return (
    <g aria-hidden opacity={isDim ? 0.5 : 1} onPointerEnter={() => onPoint(index)} onPointerLeave={() => onPoint(null)}>
      <rect x={x} y={y - 9} width={10} height={10} rx={2} fill={colour} />
      <text x={x + 18} y={y} className="fill-text-1 text-[12px]">
        {fitText(slice.label, width - 84, 12)}
      </text>
      <text x={x + width} y={y} textAnchor="end" className="fill-text-2 text-[12px]">
        {share === null ? "" : formatPercent(share)}
      </text>
    </g>
  );
}
