import { placeTiles, type Tile } from "@finops/capabilities/dashboards/contract";
import { CostView } from "@finops/capabilities/views/contract";
import { describe, expect, it } from "vitest";
import { readDashboardSearch, periodOf, withPeriod, writePeriod } from "./dashboard-search.ts";
import { bringBack, duplicateTile, newTile, placeWords, removeTile, tileAt, tileName } from "./tile-edits.ts";

const text = (id: string, x: number, y: number, w = 4, h = 2): Tile => ({
  id,
  kind: "text",
  text: id,
  place: { x, y, w, h },
});
const row = [text("a", 0, 0), text("b", 4, 0), text("c", 8, 0)];
const places = (tiles: readonly Tile[]) => tiles.map(({ id, place }) => `${id} ${place.x},${place.y}`);

describe("tiles", () => {
  it("are added below all others, as what was chosen", () => {
    const figure = newTile(row, { kind: "view", shows: "figure", from: null });
    expect(figure).toMatchObject({ kind: "view", shows: "figure", place: { x: 0, y: 2 }, view: { groupBy: [] } });
    expect(newTile([], { kind: "text" })).toMatchObject({ kind: "text", text: "" });
  });

  it("come back to where they were after an undo, also when others have moved up", () => {
    const without = removeTile(row, "a");
    expect(places(bringBack(without, row[0]!))).toEqual(places(row));
    expect(bringBack(row, row[0]!)).toEqual(row);
  });

  it("are duplicated right below the first", () => {
    const tiles = duplicateTile(row, "b");
    expect(tiles).toHaveLength(4);
    expect(tiles.filter((tile) => tile.kind === "text" && tile.text === "b").map(({ place }) => place.y)).toEqual([
      0, 2,
    ]);
    expect(placeTiles(tiles)).toEqual(tiles);
  });

  it("make room for one that is dragged over them", () => {
    expect(places(tileAt(row, "c", 0, 0))).toEqual(["c 0,0", "b 4,0", "a 0,2"]);
  });

  it("go below a wide one once they are dragged past its middle", () => {
    const tiles = [text("a", 0, 0), text("wide", 0, 2, 12, 4)];
    expect(places(tileAt(tiles, "a", 0, 1))).toEqual(["a 0,0", "wide 0,2"]);
    expect(places(tileAt(tiles, "a", 0, 3))).toEqual(["wide 0,0", "a 0,4"]);
  });

  it("are called by their title or their first line, and say where they stand", () => {
    expect(tileName({ ...text("x", 0, 0), text: "First\nSecond" } as Tile)).toBe("First");
    expect(tileName(newTile([], { kind: "view", shows: "chart", from: null }))).toBe("Untitled");
    expect(placeWords(row[1]!)).toBe("Column 5, row 1; 4 wide, 2 high.");
  });
});

describe("one period for all tiles", () => {
  it("stands in the address as the explorer writes it", () => {
    const days = { start: "2026-11-01", end: "2026-11-21" };
    expect(writePeriod(days)).toBe("2026-11-01..2026-11-20");
    expect(periodOf({ period: writePeriod(days) })).toEqual(days);
    expect(periodOf({ period: writePeriod({ preset: "month-to-date" }) })).toEqual({ preset: "month-to-date" });
  });

  it("is left out where an address is damaged", () => {
    expect(periodOf(readDashboardSearch({ period: "never", edit: "maybe" }))).toBeNull();
    expect(periodOf(readDashboardSearch({ period: 7 }))).toBeNull();
  });

  it("takes the place of a tile's own days and of the grain that fitted them", () => {
    const view = CostView.parse({ grain: "month", period: { preset: "last-12-months" } });
    expect(withPeriod(view, null)).toBe(view);
    const changed = withPeriod(view, { preset: "last-month" });
    expect(changed).toMatchObject({ period: { preset: "last-month" } });
    expect(changed).not.toHaveProperty("grain");
  });
});
