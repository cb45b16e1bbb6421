import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { Tile } from "@finops/capabilities/dashboards/contract";
import type { CostView, ViewMoment } from "@finops/capabilities/views/contract";
import type { ComponentProps, CSSProperties, ReactNode, Ref } from "react";
import { type TileActions, TileCard } from "./tile-card.tsx";

export interface DashboardGridProps {
  tiles: readonly Tile[];
  catalog: CostCatalog;
  moment: ViewMoment;
  period: CostView["period"] | null;
  isEditing: boolean;
  onTiles: (tiles: Tile[]) => void;
  onEdit: (id: string) => void;
  onDuplicate: (id: string) => void;
  onRemove: (id: string) => void;
}

export const gap = 12;
export const rowHeight = 72;
export const columns = 12;

/** Twelve columns; on a phone below each other in the same order. */
export function TileGrid({ gridRef, children }: { gridRef?: Ref<HTMLDivElement>; children: ReactNode }) {
  return (
    <div className="@container">
      <div ref={gridRef} data-testid="tiles" className="grid grid-cols-1 gap-3 @2xl:auto-rows-[72px] @2xl:grid-cols-12">
        {children}
      </div>
    </div>
  );
}

export interface TileSlotProps extends Pick<DashboardGridProps, "catalog" | "moment" | "period"> {
  tile: Tile;
  helpId: string;
  actions: TileActions | null;
  isMoved: boolean;
  drag: ComponentProps<typeof TileCard>["drag"];
  slotRef?: Ref<HTMLDivElement>;
}

/** A tile at its place. */
export function TileSlot({ tile, actions, isMoved, drag, slotRef, ...shared }: TileSlotProps) {
  const { x, y, w, h } = tile.place;
  const height = h * rowHeight + (h - 1) * gap;
  return (
    <div
      ref={slotRef}
      className="min-h-[var(--least)] min-w-0 scroll-mt-24 max-h-[max(var(--height),var(--least))] @2xl:max-h-none @2xl:[grid-column:var(--columns)] @2xl:[grid-row:var(--rows)]"
      style={
        {
          "--columns": `${x + 1} / span ${w}`,
          "--rows": `${y + 1} / span ${h}`,
          "--height": `${height}px`,
          // Below each other, a figure or a text takes what it needs, and all else its own height.
          "--least": tile.kind === "view" && tile.shows !== "figure" ? `${height}px` : "auto",
        } as CSSProperties
      }
    >
      <TileCard tile={tile} actions={actions} isMoved={isMoved} height={height} drag={drag} {...shared} />
    </div>
  );
}
