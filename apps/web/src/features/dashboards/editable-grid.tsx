import { moveTile, resizeTile, type Tile } from "@finops/capabilities/dashboards/contract";
import {
  DndContext,
  type DragMoveEvent,
  DragOverlay,
  PointerSensor,
  useDraggable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { useLatest } from "@finops/ui/table/use-latest";
import { type PointerEvent, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { silentDrag } from "../../lib/documents/silent-drag.ts";
import { handleId, type TileActions } from "./tile-card.tsx";
import {
  columns,
  type DashboardGridProps,
  gap,
  rowHeight,
  TileGrid,
  TileSlot,
  type TileSlotProps,
} from "./tile-grid.tsx";
import { placeWords, tileAt, tileName } from "./tile-edits.ts";

// The same object at every drawing, or every tile would get new handlers each time.
const pointerOptions = { activationConstraint: { distance: 4 } };

/** Tiles that are moved by pointer or by the arrow keys of their handle, and resized by their corner or with Shift. */
export function EditableGrid(props: DashboardGridProps) {
  const { period, catalog, moment } = props;
  const helpId = useId();
  const grid = useRef<HTMLDivElement>(null);
  // Where tiles would stand if the pointer let go now.
  const [preview, setPreview] = useState<Tile[] | null>(null);
  const [movedId, setMovedId] = useState<string | null>(null);
  const { actions, said } = useTileActions(props, grid, setPreview, setMovedId);
  const tiles = preview ?? props.tiles;
  const sensors = useSensors(useSensor(PointerSensor, pointerOptions));
  const moved = movedId === null ? undefined : props.tiles.find((tile) => tile.id === movedId);
  const onDragMove = ({ active, delta }: DragMoveEvent) => {
    const tile = props.tiles.find((one) => one.id === active.id);
    const step = stepOf(grid.current);
    if (tile === undefined || step === null) return;
    const [x, y] = [
      tile.place.x + Math.round(delta.x / step.x),
      Math.max(0, tile.place.y + Math.round(delta.y / step.y)),
    ];
    setPreview((old) => {
      const place = (old ?? props.tiles).find((one) => one.id === tile.id)?.place;
      return place?.x === x && place.y === y ? old : tileAt(props.tiles, tile.id, x, y);
    });
  };
  const onDragEnd = (isKept: boolean) => {
    if (isKept && preview !== null) props.onTiles(preview);
    setPreview(null);
    setMovedId(null);
  };
  return (
    <DndContext
      sensors={sensors}
      onDragStart={({ active }) => setMovedId(String(active.id))}
      onDragMove={onDragMove}
      onDragEnd={() => onDragEnd(true)}
      onDragCancel={() => onDragEnd(false)}
      accessibility={silentDrag}
    >
      <p id={helpId} hidden>
        Arrow keys move it, Shift and arrow keys resize it.
      </p>
      <TileGrid gridRef={grid}>
        {tiles.map((tile) => (
          <DraggableSlot
            key={tile.id}
            tile={tile}
            {...{ catalog, moment, period, helpId, actions }}
            isMoved={tile.id === movedId}
          />
        ))}
      </TileGrid>
      <DragOverlay dropAnimation={null}>
        {moved !== undefined && (
          <div className="inline-block max-w-72 truncate rounded-md border border-accent bg-surface-1 px-3 py-2 text-sm font-medium shadow-[0_8px_24px_rgb(0_0_0/0.16)]">
            {tileName(moved)}
          </div>
        )}
      </DragOverlay>
      <span role="status" aria-label="Tiles" className="sr-only">
        {said}
      </span>
    </DndContext>
  );
}

function DraggableSlot(props: Omit<TileSlotProps, "drag" | "slotRef">) {
  const { setNodeRef, listeners } = useDraggable({ id: props.tile.id });
  return <TileSlot {...props} slotRef={setNodeRef} drag={listeners} />;
}

/** One column and one row, in pixels with what is between them; null while tiles stand below each other. */
function stepOf(grid: HTMLElement | null): { x: number; y: number } | null {
  if (grid === null) return null;
  const width = grid.clientWidth;
  return { x: (width + gap) / columns, y: rowHeight + gap };
}

function useTileActions(
  props: DashboardGridProps,
  grid: React.RefObject<HTMLElement | null>,
  setPreview: (tiles: Tile[] | null) => void,
  setMovedId: (id: string | null) => void,
) {
  const now = useLatest(props);
  const focusId = useRef<string | null>(null);
  const [said, setSaid] = useState("");
  // A tile that moves in the list is taken out of the page and put back, and loses the focus on the way.
  useLayoutEffect(() => {
    if (focusId.current === null) return;
    document.getElementById(handleId(focusId.current))?.focus({ preventScroll: true });
    document.getElementById(handleId(focusId.current))?.scrollIntoView?.({ block: "nearest" });
    focusId.current = null;
  }, [props.tiles]);
  const actions = useMemo((): TileActions => {
    const put = (id: string, next: Tile[]) => {
      const { tiles, onTiles } = now.current;
      const [before, after] = [tiles, next].map((list) => list.find((tile) => tile.id === id));
      if (before === undefined || after === undefined) return;
      const isSame = JSON.stringify(before.place) === JSON.stringify(after.place) && sameOrder(tiles, next);
      setSaid(`${tileName(after)}: ${isSame ? "as far as it goes. " : ""}${placeWords(after)}`);
      if (isSame) return;
      focusId.current = document.activeElement?.id === handleId(id) ? id : null;
      onTiles(next);
    };
    return {
      onKey: (event, id) => {
        const way = ways[event.key];
        if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        const { tiles } = now.current;
        put(id, event.shiftKey ? resizeTile(tiles, id, way.by) : moveTile(tiles, id, way.move));
      },
      onMove: (id, way) => put(id, moveTile(now.current.tiles, id, way)),
      onEdit: (id) => now.current.onEdit(id),
      onDuplicate: (id) => now.current.onDuplicate(id),
      onRemove: (id) => now.current.onRemove(id),
      onResizeStart: (event, id) =>
        followResize(event, grid.current, (by, isDone) => {
          setMovedId(isDone ? null : id);
          const next = resizeTile(now.current.tiles, id, by);
          if (!isDone) return setPreview(next);
          setPreview(null);
          put(id, next);
        }),
    };
  }, [grid, now, setPreview, setMovedId]);
  return { actions, said };
}

const ways: Record<string, { move: "left" | "right" | "up" | "down"; by: { columns?: number; rows?: number } }> = {
  ArrowLeft: { move: "left", by: { columns: -1 } },
  ArrowRight: { move: "right", by: { columns: 1 } },
  ArrowUp: { move: "up", by: { rows: -1 } },
  ArrowDown: { move: "down", by: { rows: 1 } },
};

function sameOrder(a: readonly Tile[], b: readonly Tile[]): boolean {
  return a.every((tile, index) => tile.id === b[index]?.id);
}

/** Tells by how many columns and rows the pointer has moved from where it went down, until it is let go. */
function followResize(
  start: PointerEvent<HTMLElement>,
  grid: HTMLElement | null,
  tell: (by: { columns: number; rows: number }, isDone: boolean) => void,
): void {
  const step = stepOf(grid);
  if (step === null || start.button !== 0) return;
  start.preventDefault();
  const corner = start.currentTarget;
  corner.setPointerCapture?.(start.pointerId);
  const by = (event: globalThis.PointerEvent) => ({
    columns: Math.round((event.clientX - start.clientX) / step.x),
    rows: Math.round((event.clientY - start.clientY) / step.y),
  });
  const onMove = (event: globalThis.PointerEvent) => tell(by(event), false);
  const onEnd = (event: globalThis.PointerEvent) => {
    corner.removeEventListener("pointermove", onMove);
    corner.removeEventListener("pointerup", onEnd);
    corner.removeEventListener("pointercancel", onEnd);
    tell(event.type === "pointerup" ? by(event) : { columns: 0, rows: 0 }, true);
  };
  corner.addEventListener("pointermove", onMove);
  corner.addEventListener("pointerup", onEnd);
  corner.addEventListener("pointercancel", onEnd);
}
