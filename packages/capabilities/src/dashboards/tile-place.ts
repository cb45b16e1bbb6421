import * as z from "zod";

/** Columns of the grid that tiles stand on; rows are as many as it takes. */
export const gridColumns = 12;

/** Where a tile stands and how large it is, in columns and rows of the grid. */
export const TilePlace = z.strictObject({
  x: z
    .int()
    .min(0)
    .max(gridColumns - 1),
  y: z.int().min(0).max(1000),
  w: z.int().min(2).max(gridColumns),
  h: z.int().min(1).max(24),
});
export type TilePlace = z.infer<typeof TilePlace>;
