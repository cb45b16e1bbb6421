import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridColumns } from "./tile-place.ts";
import { moveTile, nextPlace, overlap, placeTiles, resizeTile } from "./place-tiles.ts";

const tile = (id: string, x: number, y: number, w: number, h: number) => ({ id, place: { x, y, w, h } });
const placesOf = (tiles: readonly ReturnType<typeof tile>[]) =>
  Object.fromEntries(tiles.map(({ id, place }) => [id, [place.x, place.y, place.w, place.h].join(" ")]));

const anyTiles = fc
  .array(fc.tuple(fc.nat(11), fc.nat(30), fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 6 })), {
    maxLength: 14,
  })
  .map((places) => places.map(([x, y, w, h], index) => tile(`t${index}`, x, y, w, h)));

describe("tiles on a grid", () => {
  it("rise until something is above them", () => {
    expect(placesOf(placeTiles([tile("a", 0, 4, 6, 2), tile("b", 6, 9, 6, 2), tile("c", 0, 20, 12, 3)]))).toEqual({
      a: "0 0 6 2",
      b: "6 0 6 2",
      c: "0 2 12 3",
    });
  });

  it("make room for the one that was moved onto them", () => {
    const tiles = [tile("a", 0, 0, 6, 2), tile("b", 6, 0, 6, 2)];
    expect(placesOf(placeTiles([tiles[0]!, tile("b", 0, 0, 6, 2)], "b"))).toEqual({ b: "0 0 6 2", a: "0 2 6 2" });
  });

  it("go past their neighbour by one arrow key", () => {
    const tiles = [tile("a", 0, 0, 12, 2), tile("b", 0, 2, 12, 4)];
    const down = moveTile(tiles, "a", "down");
    expect(placesOf(down)).toEqual({ b: "0 0 12 4", a: "0 4 12 2" });
    expect(placesOf(moveTile(down, "a", "up"))).toEqual(placesOf(tiles));
  });

  it("stop at the edges of the grid", () => {
    const tiles = [tile("a", 8, 0, 4, 2)];
    expect(placesOf(moveTile(tiles, "a", "right"))).toEqual({ a: "8 0 4 2" });
    expect(placesOf(resizeTile(tiles, "a", { columns: 3, rows: -9 }))).toEqual({ a: "8 0 4 1" });
  });

  it("come in below all others", () => {
    expect(nextPlace([tile("a", 0, 0, 6, 5)], { w: 4, h: 3 })).toEqual({ x: 0, y: 5, w: 4, h: 3 });
  });

  it("never overlap, never leave the grid and are never lost, however they are moved", () => {
    const move = fc.constantFrom("left" as const, "right" as const, "up" as const, "down" as const);
    fc.assert(
      fc.property(
        anyTiles,
        fc.array(fc.tuple(fc.nat(13), move, fc.integer({ min: -2, max: 2 })), { maxLength: 12 }),
        (tiles, steps) => {
          let placed = placeTiles(tiles);
          for (const [index, direction, by] of steps) {
            placed = moveTile(placed, `t${index}`, direction);
            placed = resizeTile(placed, `t${index}`, { columns: by, rows: by });
          }
          expect(placed.map(({ id }) => id).toSorted()).toEqual(tiles.map(({ id }) => id).toSorted());
          for (const [index, { place }] of placed.entries()) {
            expect(place.x).toBeGreaterThanOrEqual(0);
            expect(place.x + place.w).toBeLessThanOrEqual(gridColumns);
            for (const other of placed.slice(index + 1)) expect(overlap(place, other.place)).toBe(false);
          }
        },
      ),
    );
  });

  it("stay where they are when nothing was changed", () => {
    fc.assert(
      fc.property(anyTiles, (tiles) => {
        const placed = placeTiles(tiles);
        expect(placeTiles(placed)).toEqual(placed);
      }),
    );
  });
});
