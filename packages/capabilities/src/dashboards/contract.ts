import {
  DocumentDescription,
  DocumentHead,
  DocumentName,
  DocumentVersionHead,
  Sharing,
} from "@finops/platform/documents/sharing";
import * as z from "zod";
import { CostView } from "../views/contract.ts";
import { TilePlace } from "./tile-place.ts";

export { Sharing };
export { moveTile, nextPlace, placeTiles, resizeTile, type TileMove } from "./place-tiles.ts";
export { gridColumns, TilePlace } from "./tile-place.ts";

const tilesMax = 60;

const TileId = z.string().regex(/^[\w-]{1,40}$/, "A tile's id has letters, digits, - and _.");
const TileTitle = z.string().trim().max(200);

/** `figure` is the view's first measure in all, `chart` and `table` are the view as the explorer draws it. */
export const Tile = z
  .discriminatedUnion("kind", [
    z.strictObject({
      id: TileId,
      kind: z.literal("view"),
      title: TileTitle,
      shows: z.enum(["figure", "chart", "table"]),
      view: CostView,
      place: TilePlace,
    }),
    z.strictObject({ id: TileId, kind: z.literal("text"), text: z.string().max(4000), place: TilePlace }),
  ])
  .meta({ id: "Tile" });
export type Tile = z.infer<typeof Tile>;

export const Tiles = z
  .array(Tile)
  .max(tilesMax, `A dashboard has at most ${tilesMax} tiles.`)
  .refine((tiles) => new Set(tiles.map((tile) => tile.id)).size === tiles.length, "Two tiles have the same id.");

/** A new dashboard: of a template, of tiles, or empty. */
export const DashboardInput = z.strictObject({
  name: DocumentName.optional(),
  description: DocumentDescription.default(""),
  template: z.string().max(40).optional(),
  tiles: Tiles.optional(),
  sharing: Sharing.default({ with: "nobody" }),
});
export type DashboardInput = z.input<typeof DashboardInput>;

/** `version` is the one that the change was made on; another means that somebody was faster. */
export const DashboardChange = z.strictObject({
  version: z.int().min(1),
  name: DocumentName.optional(),
  description: DocumentDescription.optional(),
  tiles: Tiles.optional(),
  sharing: Sharing.optional(),
});
export type DashboardChange = z.input<typeof DashboardChange>;

export const Dashboard = DocumentHead.extend({ tiles: z.array(Tile) });
export type Dashboard = z.infer<typeof Dashboard>;

export const DashboardSummary = DocumentHead.extend({ tileCount: z.number() });
export type DashboardSummary = z.infer<typeof DashboardSummary>;

export const DashboardVersion = DocumentVersionHead;
export type DashboardVersion = z.infer<typeof DashboardVersion>;

/** A dashboard as one of its versions left it, to look at before it is brought back. */
export const DashboardAsOf = z.object({
  version: z.number(),
  name: z.string(),
  description: z.string(),
  tiles: z.array(Tile),
});
export type DashboardAsOf = z.infer<typeof DashboardAsOf>;

export const DashboardTemplate = z.object({
  key: z.string(),
  name: z.string(),
  /** Who reads it, and what it answers. */
  about: z.string(),
  tiles: z.array(Tile),
});
export type DashboardTemplate = z.infer<typeof DashboardTemplate>;
