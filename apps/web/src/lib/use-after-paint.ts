import { startTransition, useEffect, useState } from "react";

/** The same value a moment later: for parts of a page that may follow once what was asked for is on the screen. */
export function useAfterPaint<T>(value: T): T {
  const [shown, setShown] = useState(value);
  useEffect(() => startTransition(() => setShown(value)), [value]);
  return shown;
}
