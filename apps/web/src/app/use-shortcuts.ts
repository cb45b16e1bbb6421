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
        if (!focusFirst("[data-shortcut='/']")) latest.current.onSearch();
      } else if (event.key === "j" || event.key === "k") moveInList(event.key === "j" ? 1 : -1);
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

/** From entry to entry of the list that has the focus, or into the first list of the page. */
function moveInList(step: 1 | -1): void {
  const active = document.activeElement;
  const list = active?.closest("[data-list]") ?? document.querySelector("#content [data-list]");
  const entries = [...(list?.querySelectorAll<HTMLElement>("[data-list-item]") ?? [])];
  if (entries.length === 0) return;
  const at = entries.findIndex((entry) => entry === active || entry.contains(active));
  const next = at === -1 ? 0 : Math.max(0, Math.min(entries.length - 1, at + step));
  entries[next]!.focus();
  entries[next]!.scrollIntoView({ block: "nearest" });
}
