import { moveTile, nextPlace, placeTiles, type Tile } from "@finops/capabilities/dashboards/contract";
import { defaultView } from "@finops/capabilities/views/contract";
import { newId } from "@finops/kernel/id";
import type { NewPart } from "../../lib/documents/add-panel.tsx";

/** What somebody does with tiles, as the next tiles. Pure but for new ids. */

const sizes = { figure: { w: 4, h: 2 }, chart: { w: 6, h: 5 }, table: { w: 6, h: 5 }, text: { w: 4, h: 2 } };
export const tilesMax = 60;

/** A new tile below all others. */
export function newTile(tiles: readonly Tile[], part: NewPart): Tile {
  const id = newId();
  if (part.kind === "text") return { id, kind: "text", text: "", place: nextPlace(tiles, sizes.text) };
  const { shows, from } = part;
  const view = from?.view ?? {
    ...defaultView,
    ...(shows === "figure" ? { groupBy: [], chart: "none" as const } : {}),
    ...(shows === "table" ? { chart: "none" as const } : {}),
  };
  return { id, kind: "view", title: from?.name ?? "", shows, view, place: nextPlace(tiles, sizes[shows]) };
}

export function duplicateTile(tiles: readonly Tile[], id: string): Tile[] {
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined) return [...tiles];
  const { place } = tile;
  const copy = { ...tile, id: newId(), place: { ...place, y: place.y + place.h } };
  return placeTiles([...tiles, copy], copy.id);
}

export function removeTile(tiles: readonly Tile[], id: string): Tile[] {
  return placeTiles(tiles.filter((tile) => tile.id !== id));
}

/** Back where it was, as far as others have not moved there. */
export function bringBack(tiles: readonly Tile[], tile: Tile): Tile[] {
  return tiles.some((one) => one.id === tile.id) ? [...tiles] : placeTiles([...tiles, tile], tile.id);
}

export function replaceTile(tiles: readonly Tile[], tile: Tile): Tile[] {
  return tiles.map((one) => (one.id === tile.id ? tile : one));
}

/**
 * A tile at another place, while it is dragged; the others make room. Nothing hangs in the air, so one that is dragged down
 * goes below what is under it once it is past its middle.
 */
export function tileAt(tiles: readonly Tile[], id: string, x: number, y: number): Tile[] {
  const from = tiles.find((tile) => tile.id === id)?.place;
  if (from === undefined) return [...tiles];
  const moved = placeTiles(
    tiles.map((tile) => (tile.id === id ? { ...tile, place: { ...from, x, y } } : tile)),
    id,
  );
  const landed = moved.find((tile) => tile.id === id)!.place;
  if (y <= from.y || landed.y > from.y) return moved;
  const lowered = moveTile(tiles, id, "down");
  const { place } = lowered.find((tile) => tile.id === id)!;
  const passed = place.y - from.y;
  return passed > 0 && y - from.y > passed / 2 ? lowered : moved;
}

/** Where a tile stands, as it is read aloud. */
export function placeWords({ place }: Tile): string {
  return `Column ${place.x + 1}, row ${place.y + 1}; ${place.w} wide, ${place.h} high.`;
}

export function tileName(tile: Tile): string {
  if (tile.kind === "text") return tile.text.trim().split("\n")[0]!.slice(0, 60) || "Text";
  return tile.title.trim() || "Untitled";
}
