import { AppError } from "@finops/kernel/app-error";

/** A page's place: pinned to a position of the publication log, so that all pages see the same data. */
export interface Cursor {
  position: string;
  offset: number;
}

export function encodeCursor(cursor: Cursor): string {
  return btoa(JSON.stringify([cursor.position, cursor.offset])).replaceAll("=", "");
}

/** Throws `invalid` for text that is no cursor, and `precondition` when new data was published since the first page. */
export function decodeCursor(text: string, position: string): Cursor {
  let parsed: unknown;
  try {
    parsed = JSON.parse(atob(text));
  } catch {
    throw new AppError("invalid", "That is not a cursor of this API.");
  }
  if (!Array.isArray(parsed) || typeof parsed[0] !== "string" || !Number.isSafeInteger(parsed[1]) || (parsed[1] as number) < 0) throw new AppError("invalid", "That is not a cursor of this API.");
  if (parsed[0] !== position) throw new AppError("precondition", "New data was published since the first page. Start again without the cursor.");
  return { position: parsed[0], offset: parsed[1] as number };
}
