import { useEffect } from "react";
import { usePreferences } from "../lib/preferences.ts";

/** Puts the person's theme on the page; public/theme.js applies the theme before the first paint. */
export function useTheme(): void {
  const theme = usePreferences((preferences) => preferences.theme);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      document.documentElement.dataset["theme"] =
        theme === "dark" || (theme === "system" && dark.matches) ? "dark" : "light";
    };
    apply();
    dark.addEventListener("change", apply);
    return () => dark.removeEventListener("change", apply);
  }, [theme]);
}
