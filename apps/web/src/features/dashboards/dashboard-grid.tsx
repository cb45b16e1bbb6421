import { lazy, Suspense } from "react";
import { type DashboardGridProps, TileGrid, TileSlot } from "./tile-grid.tsx";

// Whoever only looks never loads what moves tiles.
const EditableGrid = lazy(async () => ({ default: (await import("./editable-grid.tsx")).EditableGrid }));

/** Tiles on their grid, to look at or to arrange. */
export function DashboardGrid(props: DashboardGridProps) {
  if (!props.isEditing) return <StillGrid {...props} />;
  return (
    <Suspense fallback={<StillGrid {...props} />}>
      <EditableGrid {...props} />
    </Suspense>
  );
}

function StillGrid({ tiles, catalog, moment, period }: DashboardGridProps) {
  return (
    <TileGrid>
      {tiles.map((tile) => (
        <TileSlot
          key={tile.id}
          tile={tile}
          {...{ catalog, moment, period }}
          helpId=""
          actions={null}
          isMoved={false}
          drag={undefined}
        />
      ))}
    </TileGrid>
  );
}
