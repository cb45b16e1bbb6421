import { createContext, useContext } from "react";

/** How close the rows of all tables stand. */
export type Density = "comfortable" | "compact";

interface DensityChoice {
  density: Density;
  /** Null where there is nothing to choose. */
  choose: ((density: Density) => void) | null;
}

/** What the reader has chosen, as the app that keeps it says. */
export const TableDensity = createContext<DensityChoice>({ density: "comfortable", choose: null });

/** The height of a row in pixels, and its class. */
const rows = { comfortable: { height: 32, className: "h-8" }, compact: { height: 28, className: "h-7" } };

export function useRowSize(): { height: number; className: string } {
  return rows[useContext(TableDensity).density];
}
