import { type RefObject, useLayoutEffect, useRef } from "react";

/** What was given last, for handlers that stay the same function while what they read changes. */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value);
  useLayoutEffect(() => {
    ref.current = value;
  });
  return ref;
}
