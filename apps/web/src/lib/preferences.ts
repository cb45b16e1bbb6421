import type { Density } from "@finops/ui/table/density";
import { create } from "zustand";

export type Theme = "light" | "dark" | "system";

interface Preferences {
  theme: Theme;
  isRailNarrow: boolean;
  density: Density;
  setTheme: (theme: Theme) => void;
  toggleRail: () => void;
  setDensity: (density: Density) => void;
}

/**
 * What one person wants on this machine. All other state is the server's (TanStack Query) or is to be shared and stands in
 * the URL; this alone lives here.
 */
export const usePreferences = create<Preferences>()((set, get) => ({
  theme: readTheme(),
  isRailNarrow: localStorage.getItem("rail") === "narrow",
  density: localStorage.getItem("density") === "compact" ? "compact" : "comfortable",
  setTheme: (theme) => {
    // public/theme.js reads it before the first paint.
    localStorage.setItem("theme", theme);
    set({ theme });
  },
  toggleRail: () => {
    const isRailNarrow = !get().isRailNarrow;
    localStorage.setItem("rail", isRailNarrow ? "narrow" : "wide");
    set({ isRailNarrow });
  },
  setDensity: (density) => {
    localStorage.setItem("density", density);
    set({ density });
  },
}));

function readTheme(): Theme {
  const stored = localStorage.getItem("theme");
  return stored === "light" || stored === "dark" ? stored : "system";
}
