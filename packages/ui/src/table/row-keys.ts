import type { Lines } from "./lines.ts";

export interface RowKeys {
  /** React's key of each line in sight. */
  keysOf: (lines: Lines<unknown>, shown: readonly string[]) => ReadonlyMap<string, number>;
  /** The line that has the focus; null for none. */
  hold: (id: string | null) => void;
}

/**
 * A line keeps its key while it is in sight; one that scrolls into sight takes that of one that has left it, so that the browser
 * changes the texts of a row instead of making a row. Not where the lines are others: a row that somebody works in never
 * becomes that of another line under their hands. Nor the row that has the focus.
 */
export function keepRowKeys(): RowKeys {
  let before: Lines<unknown> | null = null;
  let given: ReadonlyMap<string, number> = new Map();
  let next = 0;
  let held: string | null = null;
  return {
    hold(id) {
      held = id;
    },
    keysOf(lines, shown) {
      const inSight = new Set(shown);
      const free =
        before === lines ? [...given].flatMap(([id, key]) => (inSight.has(id) || id === held ? [] : [key])) : [];
      // A row that moves up to stand before others makes React move all of these instead.
      const firstKept = shown.findIndex((id) => given.has(id));
      const keys = new Map<string, number>();
      for (const [place, id] of shown.entries())
        keys.set(id, given.get(id) ?? (place >= firstKept ? free.shift() : undefined) ?? next++);
      before = lines;
      given = keys;
      return keys;
    },
  };
}
