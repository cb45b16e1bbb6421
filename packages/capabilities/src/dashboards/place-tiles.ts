import { gridColumns, type TilePlace } from "./tile-place.ts";

interface Placed {
  id: string;
  place: TilePlace;
}

/**
 * Tiles where no two overlap and none hangs in the air: each in reading order moves down until it is free, then up as far as
 * it can. `first` names the tile that was just moved: it keeps its place and the others make room.
 */
export function placeTiles<T extends Placed>(tiles: readonly T[], first?: string): T[] {
  const order = tiles.toSorted(
    (a, b) => Number(b.id === first) - Number(a.id === first) || a.place.y - b.place.y || a.place.x - b.place.x,
  );
  const settled: T[] = [];
  for (const tile of order) settled.push({ ...tile, place: free(within(tile.place), settled) });
  const risen: T[] = [];
  for (const tile of settled.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x))
    risen.push({ ...tile, place: rise(tile.place, risen) });
  // The order of the list is the reader's order: by rows, then from left to right.
  return risen.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);
}

export type TileMove = "left" | "right" | "up" | "down";

/** A tile moved by one step, as the arrow keys do it. Up and down go past the neighbour that is in the way. */
export function moveTile<T extends Placed>(tiles: readonly T[], id: string, move: TileMove): T[] {
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined) return [...tiles];
  const { x, y } = tile.place;
  const steps = { left: { x: x - 1, y }, right: { x: x + 1, y }, up: { x, y: y - 1 }, down: { x, y: y + 1 } };
  const wished = within({ ...tile.place, ...steps[move] });
  if (move === "left" || move === "right") return replaced(tiles, { ...tile, place: wished });
  const neighbours = tiles.filter((other) => other.id !== id && shareColumns(other.place, tile.place));
  if (move === "up") {
    const above = neighbours.filter((other) => other.place.y < y).toSorted((a, b) => b.place.y - a.place.y)[0];
    return above === undefined ? [...tiles] : replaced(tiles, { ...tile, place: { ...tile.place, y: above.place.y } });
  }
  const below = neighbours.filter((other) => other.place.y > y).toSorted((a, b) => a.place.y - b.place.y)[0];
  if (below === undefined) return [...tiles];
  // The neighbour takes this one's place, and this one stands right under it.
  const lifted = tiles.map((other) => (other.id === below.id ? { ...other, place: { ...other.place, y } } : other));
  return placeTiles(
    lifted.map((other) => (other.id === id ? { ...other, place: { ...other.place, y: y + below.place.h } } : other)),
    below.id,
  );
}

/** A tile made wider or higher by so many columns and rows; it never leaves the grid. */
export function resizeTile<T extends Placed>(
  tiles: readonly T[],
  id: string,
  by: { columns?: number; rows?: number },
): T[] {
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined) return [...tiles];
  const { x, w, h } = tile.place;
  const place = {
    ...tile.place,
    w: clamp(w + (by.columns ?? 0), 2, gridColumns - x),
    h: clamp(h + (by.rows ?? 0), 1, 24),
  };
  return replaced(tiles, { ...tile, place });
}

/** A place below all tiles for a new one of that size. */
export function nextPlace(tiles: readonly Placed[], size: { w: number; h: number }): TilePlace {
  return { x: 0, y: Math.max(0, ...tiles.map(({ place }) => place.y + place.h)), ...size };
}

export function overlap(a: TilePlace, b: TilePlace): boolean {
  return shareColumns(a, b) && a.y < b.y + b.h && b.y < a.y + a.h;
}

function shareColumns(a: TilePlace, b: TilePlace): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w;
}

function replaced<T extends Placed>(tiles: readonly T[], tile: T): T[] {
  return placeTiles(
    tiles.map((other) => (other.id === tile.id ? tile : other)),
    tile.id,
  );
}

function within(place: TilePlace): TilePlace {
  const w = clamp(place.w, 2, gridColumns);
  return { ...place, w, x: clamp(place.x, 0, gridColumns - w), y: Math.max(0, place.y) };
}

function free(place: TilePlace, settled: readonly Placed[]): TilePlace {
  let { y } = place;
  for (;;) {
    const blocking = settled.filter((other) => overlap({ ...place, y }, other.place));
    if (blocking.length === 0) return { ...place, y };
    y = Math.min(...blocking.map((other) => other.place.y + other.place.h));
  }
}

function rise(place: TilePlace, settled: readonly Placed[]): TilePlace {
  const under = settled
    .filter((other) => shareColumns(other.place, place))
    .map((other) => other.place.y + other.place.h);
  const y = Math.max(0, ...under.filter((bottom) => bottom <= place.y));
  return { ...place, y };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
