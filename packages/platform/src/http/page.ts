import { AppError } from "@finops/kernel/app-error";
import * as z from "zod";

/** How a list that grows is asked for: a page, and then the one after it. Its answer has `nextCursor`, null on the last page. */
export function pageQuery(limit: { usual: number; max: number }) {
  return z.object({
    limit: z.coerce.number().int().min(1).max(limit.max).default(limit.usual),
    cursor: z.string().max(500).optional().describe("`nextCursor` of the page before"),
  });
}

/** The place after an item, by what the list is ordered by. Opaque to clients, and safe in an address. */
export function encodePlace(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** Throws `invalid` for what is no cursor of that list. */
export function decodePlace<T>(cursor: string, parts: z.ZodType<T>): T {
  const parsed = parts.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
  if (!parsed.success) throw new AppError("invalid", "cursor: That is not a cursor of this list.");
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
