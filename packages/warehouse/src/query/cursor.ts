import { AppError } from "@finops/kernel/app-error";

/** A page's place: pinned to a position of the publication log, so that all pages see the same data. */
export interface Cursor {
  position: string;
  /** Groups or rows before the page; of rows, within their billing period. */
  offset: number;
  billingPeriod?: string;
}

export function encodeCursor({ position, offset, billingPeriod }: Cursor): string {
  return btoa(JSON.stringify([position, offset, ...(billingPeriod === undefined ? [] : [billingPeriod])])).replaceAll(
    "=",
    "",
  );
}

/** Throws `invalid` for text that is no cursor, and `precondition` when new data was published since the first page. */
export function decodeCursor(text: string, position: string): Cursor {
  const [pinned, offset, billingPeriod] = parseCursor(text);
  if (typeof pinned !== "string" || !Number.isSafeInteger(offset) || (offset as number) < 0) throw notACursor();
  if (pinned !== position)
    throw new AppError("precondition", "New data was published since the first page. Start again without the cursor.");
  return { position, offset: offset as number, ...(typeof billingPeriod === "string" ? { billingPeriod } : {}) };
}

function parseCursor(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(atob(text));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    throw notACursor();
  }
}

export function notACursor(): AppError {
  return new AppError("invalid", "That is not a cursor of this API.");
}
