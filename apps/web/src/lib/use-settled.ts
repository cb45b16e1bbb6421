import { useState } from "react";

/**
 * The newest value that was settled: what is drawn of answers stays as it is while the next ones are on their way, instead of
 * being drawn anew with the old figures. Give the same object while nothing in it changes.
 */
export function useSettled<T>(value: T, isSettled: boolean): T {
  const [kept, setKept] = useState(value);
  if (isSettled && kept !== value) setKept(value);
  return isSettled ? value : kept;
}
