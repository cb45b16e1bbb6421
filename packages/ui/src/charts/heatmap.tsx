import { memo, useMemo } from "react";
import { Money } from "../figures/money.tsx";
import { formatMoney, formatMoneyShort } from "../text/format-figure.ts";
import { TooltipBox } from "./chart-tooltip.tsx";
import { type HeatCell, type HeatGrid, strengths } from "./heatmap-layout.ts";
import { fitText } from "./part.ts";
import { useMarks } from "./use-marks.ts";
import { useWidth } from "./use-width.ts";

interface HeatmapProps {
  description: string;
  /** From `calendarGrid` or `matrixGrid`. */
  grid: HeatGrid;
  currency: string;
  /** Room for the names of the rows. */
  nameWidth?: number;
  onActivate?: (cell: HeatCell) => void;
}

const top = 20;

/** Where it burns: each square a day, the darker the dearer. Arrow keys walk over it as over a map. */
export function Heatmap({ description, grid, currency, nameWidth: wanted = 36, onActivate }: HeatmapProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  // On a phone the names give way to the squares.
  const nameWidth = Math.min(wanted, Math.max(36, width * 0.32));
  const isWide = nameWidth > 60;
  const side = Math.max(
    9,
    Math.min(isWide ? 44 : 22, Math.floor((width - nameWidth) / Math.max(1, grid.columns.length))),
  );
  const tall = isWide ? 24 : side;
  const strength = useMemo(() => strengths(grid.cells), [grid]);
  const byPlace = useMemo(
    () => new Map(grid.cells.map((cell, index) => [`${cell.row} ${cell.column}`, index])),
    [grid],
  );
  const marks = useMarks({
    count: grid.cells.length,
    onActivate: onActivate === undefined ? undefined : (index) => onActivate(grid.cells[index]!),
    // Down is the square below; in a calendar that is the next day, in a matrix the next line.
    move: (index, rows, columns) => {
      const cell = grid.cells[index];
      return cell === undefined ? null : (byPlace.get(`${cell.row + rows} ${cell.column + columns}`) ?? null);
    },
  });
  const shown = marks.active === null ? null : grid.cells[marks.active];
  const plot = {
    width: Math.max(width, nameWidth + side * grid.columns.length),
    height: top + tall * grid.rows.length,
  };
  return (
    <div ref={box} className="relative">
      <div className="overflow-x-auto">
        {width > 0 && (
          <svg
            data-chart
            width={plot.width}
            height={plot.height + 26}
            role="group"
            aria-label={description}
            {...marks.svgProps}
          >
            <Names grid={grid} side={side} tall={tall} nameWidth={nameWidth} />
            {grid.cells.map((cell, index) => (
              <Square
                key={cell.id}
                x={nameWidth + cell.column * side}
                y={top + cell.row * tall}
                width={side - 2}
                height={tall - 2}
                isUnknown={cell.value === null}
                isNegative={cell.value?.startsWith("-") === true}
                strength={strength(cell.value)}
                isActive={marks.active === index}
                props={marks.markProps(
                  index,
                  `${cell.label}: ${cell.value === null ? "no cost" : formatMoney(cell.value, currency)}`,
                )}
              />
            ))}
            <Scale grid={grid} currency={currency} x={nameWidth} y={plot.height + 10} />
          </svg>
        )}
      </div>
      {shown != null && (
        <TooltipBox x={nameWidth + shown.column * side + side / 2} y={top + shown.row * tall + tall + 4} width={width}>
          <p className="mb-1 text-sm font-semibold" dir="auto">
            {shown.label}
          </p>
          <Money amount={shown.value} currency={currency} missing="No cost." />
        </TooltipBox>
      )}
    </div>
  );
}

function Names({ grid, side, tall, nameWidth }: { grid: HeatGrid; side: number; tall: number; nameWidth: number }) {
  const everyRow = tall < 12 ? 2 : 1;
  const everyColumn = Math.max(1, Math.ceil(46 / side));
  const isCalendar = grid.columns.includes("");
  return (
    <g className="fill-text-3 text-[11px]" aria-hidden>
      {grid.rows.map((name, row) =>
        row % everyRow === 0 ? (
          <text key={name} x={0} y={top + row * tall + tall / 2} dy="0.32em">
            {fitText(name, nameWidth - 8, 11)}
          </text>
        ) : null,
      )}
      {grid.columns.map((name, column) =>
        name !== "" && (isCalendar || column % everyColumn === 0) ? (
          <text key={`${name} ${column}`} x={nameWidth + column * side} y={12}>
            {name}
          </text>
        ) : null,
      )}
    </g>
  );
}

interface SquareProps {
  x: number;
  y: number;
  width: number;
  height: number;
  isUnknown: boolean;
  isNegative: boolean;
  strength: number;
  isActive: boolean;
  props: ReturnType<ReturnType<typeof useMarks>["markProps"]>;
}

const Square = memo(
  function Square({ x, y, width, height, isUnknown, isNegative, strength, isActive, props }: SquareProps) {
    return (
      <g {...props}>
        <rect
          x={x}
          y={y}
          width={width}
          height={height}
          rx={2}
          fill="var(--surface-3)"
          fillOpacity={isUnknown ? 0.5 : 1}
        />
        {!isUnknown && strength > 0 && (
          <rect
            x={x}
            y={y}
            width={width}
            height={height}
            rx={2}
            fill={isNegative ? "var(--positive)" : "var(--accent)"}
            fillOpacity={strength}
          />
        )}
        {isActive && (
          <rect
            x={x - 1}
            y={y - 1}
            width={width + 2}
            height={height + 2}
            rx={3}
            fill="none"
            stroke="var(--text-1)"
            strokeWidth={1.5}
          />
        )}
      </g>
    );
  },
  // The handlers only read the place of the square, which its key and position already say.
  (a, b) =>
    a.x === b.x &&
    a.y === b.y &&
    a.width === b.width &&
    a.strength === b.strength &&
    a.isActive === b.isActive &&
    a.isUnknown === b.isUnknown &&
    a.isNegative === b.isNegative &&
    a.props.tabIndex === b.props.tabIndex &&
    a.props["aria-label"] === b.props["aria-label"],
);

function Scale({ grid, currency, x, y }: { grid: HeatGrid; currency: string; x: number; y: number }) {
  const values = grid.cells.flatMap((cell) => (cell.value === null ? [] : [cell.value]));
  const high = values.toSorted((a, b) => Number(b) - Number(a))[0];
  if (high === undefined) return null;
  return (
    <g className="fill-text-3 text-[11px]" aria-hidden>
      <text x={x} y={y + 9}>
        Less
      </text>
      {[0.06, 0.3, 0.55, 0.8, 1].map((share, index) => (
        <g key={share}>
          <rect x={x + 32 + index * 14} y={y} width={11} height={11} rx={2} fill="var(--surface-3)" />
          <rect x={x + 32 + index * 14} y={y} width={11} height={11} rx={2} fill="var(--accent)" fillOpacity={share} />
        </g>
      ))}
      <text x={x + 108} y={y + 9}>
        More, up to {formatMoneyShort(high, currency)}
      </text>
    </g>
  );
}
