import { useMemo } from "react";
import { Money } from "../figures/money.tsx";
import { formatMoneyShort, formatPercent } from "../text/format-figure.ts";
import { PartTooltip } from "./chart-tooltip.tsx";
import { partSentence, shareOf, totalOf } from "./figure-text.ts";
import { fitText, type Part } from "./part.ts";
import { otherColour, seriesColours } from "./series.ts";
import { layOutTreemap, type Tile } from "./treemap-layout.ts";
import { useMarks } from "./use-marks.ts";
import { useWidth } from "./use-width.ts";

export interface TreemapProps {
  /** What the chart says, in a sentence, for those who do not see it. */
  description: string;
  parts: readonly Part[];
  currency: string;
  height?: number;
  onActivate?: (part: Part) => void;
}

/** What the whole is made of, at a glance. Arrow keys walk from the biggest to the smallest; Enter drills. */
export function Treemap({ description, parts, currency, height = 320, onActivate }: TreemapProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const { tiles, negatives } = useMemo(() => layOutTreemap(parts, width, height), [parts, width, height]);
  const colours = useMemo(() => seriesColours(tiles.map((tile) => tile.part.id)), [tiles]);
  const total = useMemo(() => totalOf(parts), [parts]);
  const marks = useMarks({
    count: tiles.length,
    onActivate:
      onActivate === undefined
        ? undefined
        : (index) => tiles[index]!.part.isOther !== true && onActivate(tiles[index]!.part),
  });
  const shown = marks.active === null ? null : tiles[marks.active];
  return (
    <div>
      <div ref={box} className="relative" style={{ height }}>
        {width > 0 && tiles.length > 0 && (
          <svg data-chart width={width} height={height} role="group" aria-label={description} {...marks.svgProps}>
            {tiles.map((tile, index) => (
              <g
                key={tile.part.id}
                transform={`translate(${tile.x},${tile.y})`}
                {...marks.markProps(index, partSentence(tile.part, total, currency))}
              >
                <rect
                  width={tile.width}
                  height={tile.height}
                  rx={2}
                  fill={
                    tile.part.isOther === true
                      ? otherColour
                      : (tile.part.colour ?? colours.get(tile.part.id) ?? otherColour)
                  }
                  fillOpacity={0.22}
                  stroke={marks.active === index ? "var(--accent)" : "none"}
                  strokeWidth={2}
                />
                <rect
                  width={Math.min(3, tile.width)}
                  height={tile.height}
                  fill={
                    tile.part.isOther === true
                      ? otherColour
                      : (tile.part.colour ?? colours.get(tile.part.id) ?? otherColour)
                  }
                />
                <TileLabel tile={tile} total={total} currency={currency} />
              </g>
            ))}
          </svg>
        )}
        {shown != null && (
          <PartTooltip
            part={shown.part}
            total={total}
            currency={currency}
            x={shown.x + shown.width / 2}
            y={Math.min(shown.y + 8, height - 120)}
            width={width}
          />
        )}
        {width > 0 && tiles.length === 0 && (
          <p className="py-6 text-sm text-text-2">Nothing here has a cost above zero.</p>
        )}
      </div>
      {negatives.length > 0 && <Negatives parts={negatives} currency={currency} onActivate={onActivate} />}
    </div>
  );
}

function TileLabel({
  tile: { part, width, height },
  total,
  currency,
}: {
  tile: Tile;
  total: string;
  currency: string;
}) {
  const name = fitText(part.label, width - 18, 12);
  if (height < 22 || name === "") return null;
  const share = shareOf(part.value ?? "0", total);
  const amount = `${formatMoneyShort(part.value ?? "0", currency)}${share === null ? "" : `  ${formatPercent(share)}`}`;
  return (
    <g className="pointer-events-none">
      <text x={10} y={16} className="fill-text-1 text-[12px] font-medium" direction="ltr">
        {name}
      </text>
      {height >= 40 && (
        <text x={10} y={32} className="fill-text-2 text-[11px]">
          {fitText(amount, width - 14, 11)}
        </text>
      )}
    </g>
  );
}

/** Credits and refunds have no area; they stand below, so that the picture and its total agree. */
function Negatives({
  parts,
  currency,
  onActivate,
}: {
  parts: readonly Part[];
  currency: string;
  onActivate: ((part: Part) => void) | undefined;
}) {
  const shown = parts.slice(0, 6);
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-text-2">
      <span>
        Not drawn, because negative (<Money amount={totalOf(parts)} currency={currency} />
        ):
      </span>
      {shown.map((part) => (
        <button
          key={part.id}
          type="button"
          disabled={onActivate === undefined || part.isOther === true}
          onClick={() => onActivate?.(part)}
          className="inline-flex max-w-60 items-center gap-1.5 rounded-sm enabled:hover:text-accent enabled:hover:underline"
        >
          <bdi className="truncate">{part.label}</bdi> <Money amount={part.value} currency={currency} />
        </button>
      ))}
      {parts.length > shown.length && <span>and {parts.length - shown.length} more</span>}
    </p>
  );
}
