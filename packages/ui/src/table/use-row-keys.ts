import { type RefObject, useRef } from "react";
import type { Lines } from "./lines.ts";

interface Given {
  lines: Lines<unknown>;
  keys: ReadonlyMap<string, number>;
  next: number;
}

/**
 * React's key of each line in sight. A line keeps its own while it is in sight; one that scrolls into sight takes that of one that
 * has left it, so that the browser changes the texts of a row instead of making a row. Not where the lines are others: a row that
 * somebody works in never becomes that of another line under their hands. Nor the row of `held`, which has the focus.
 */
export function useRowKeys(
  lines: Lines<unknown>,
  shown: readonly string[],
  held: RefObject<string | null>,
): ReadonlyMap<string, number> {
  const given = useRef<Given>({ lines, keys: new Map(), next: 0 });
  given.current = giveKeys(given.current, lines, shown, held.current);
  return given.current.keys;
}

export function giveKeys(before: Given, lines: Lines<unknown>, shown: readonly string[], held: string | null): Given {
  const inSight = new Set(shown);
  const free =
    before.lines === lines
      ? [...before.keys].flatMap(([id, key]) => (inSight.has(id) || id === held ? [] : [key]))
      : [];
  // A row that moves up to stand before others makes React move all of these instead.
  const firstKept = shown.findIndex((id) => before.keys.has(id));
  const keys = new Map<string, number>();
  let { next } = before;
  for (const [place, id] of shown.entries())
    keys.set(id, before.keys.get(id) ?? (place >= firstKept ? free.shift() : undefined) ?? next++);
  return { lines, keys, next };
}
