import { useEffect, useState } from "react";

const typedMs = 400;

/** A form as it was when the typing last stopped. It is plain data: what is the same in words is the same. */
export function useRested<T>(form: T): T {
  const [rested, setRested] = useState(form);
  const text = JSON.stringify(form);
  useEffect(() => {
    const timer = setTimeout(() => setRested(JSON.parse(text) as T), typedMs);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
