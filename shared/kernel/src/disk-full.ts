import { AppError } from "./app-error.ts";

/** Also where a quota or a bound of the process ends, which is all the same to who needs the room. */
const codes = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const words = /No space left on device|Disk quota exceeded|File too large|\b(ENOSPC|EDQUOT|EFBIG)\b/i;

/** The sentence for who wrote to a disk without room; null for any other error. Engines say it in words, Node by its code. */
export function diskFullError(cause: unknown): AppError | null {
  if (!(cause instanceof Error) || cause instanceof AppError) return null;
  if (!codes.has((cause as { code?: string }).code ?? "") && !words.test(cause.message)) return null;
  return new AppError("limit", "The disk is full. Free some space and try again; nothing was changed.", {
    cause,
    internal: cause.message,
  });
}
