import type { Tile } from "@finops/capabilities/dashboards/contract";

const gridColumns = 12;

/** The tiles of a dashboard from far away. */
export function TemplatePicture({ tiles }: { tiles: readonly Tile[] }) {
  const rows = Math.max(1, ...tiles.map(({ place }) => place.y + place.h));
  return (
    <svg viewBox={`0 0 ${gridColumns * 10} ${rows * 5}`} className="h-full w-full" preserveAspectRatio="xMidYMin meet">
      {tiles.map(({ id, place, ...tile }) => (
        <rect
          key={id}
          x={place.x * 10 + 0.75}
          y={place.y * 5 + 0.75}
          width={place.w * 10 - 1.5}
          height={place.h * 5 - 1.5}
          rx={1}
          fill={tile.kind === "view" && tile.shows === "chart" ? "var(--accent-soft)" : "var(--surface-1)"}
          stroke="var(--line-strong)"
          strokeWidth={0.5}
        />
      ))}
    </svg>
  );
}
