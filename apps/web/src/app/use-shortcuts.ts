import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { usePreferences } from "../lib/preferences.ts";
import type { Session } from "../lib/session.ts";
import { placesFor } from "./places.ts";

interface ShortcutActions {
  onSearch: () => void;
  onHelp: () => void;
}

/** A letter after `g` counts for this long. */
const sequenceMs = 1500;

/** The keyboard, wherever one is: ⌘K or Ctrl-K, g and a letter, / to filter, j and k in lists, ? for what there is. */
export function useShortcuts(session: Session, actions: ShortcutActions): void {
  const router = useRouter();
  const toggleRail = usePreferences((preferences) => preferences.toggleRail);
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let goingSince = Number.NEGATIVE_INFINITY;
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.onSearch();
        return;
      }
      // What is typed into a field, or a dialog, is for it alone.
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const isGoing = event.timeStamp - goingSince < sequenceMs;
      goingSince = Number.NEGATIVE_INFINITY;
      if (isGoing) {
        const place = placesFor(session).find(({ key }) => key === event.key);
        if (place === undefined) return;
        event.preventDefault();
        void router.navigate({ to: place.to });
      } else if (event.key === "g") goingSince = event.timeStamp;
      else if (event.key === "?") latest.current.onHelp();
      else if (event.key === "[") toggleRail();
      else if (event.key === "/") {
        event.preventDefault();
        if (!focusFirst("#content input[type='search']")) latest.current.onSearch();
      } else if (event.key === "j" || event.key === "k") moveInList(event.key);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [router, session, toggleRail]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null;
}

function focusFirst(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  if (found instanceof HTMLInputElement) found.select();
  return found !== null;
}

/** Into the first table of the page, which knows j and k itself once it has the focus. */
function moveInList(key: "j" | "k"): void {
  const table = document.querySelector<HTMLElement>("#content [aria-activedescendant], #content [role='grid']");
  if (table === null || table.contains(document.activeElement)) return;
  table.focus();
  table.scrollIntoView({ block: "nearest" });
  table.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}
