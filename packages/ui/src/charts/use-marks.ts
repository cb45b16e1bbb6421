import { type KeyboardEvent, useCallback, useRef, useState } from "react";

interface MarksInput {
  count: number;
  /** Where so many rows down and columns to the right lead, in a chart that is a grid. Null: nowhere. */
  move?: (index: number, rows: number, columns: number) => number | null;
  onActivate: ((index: number) => void) | undefined;
}

/**
 * The keyboard in a chart: one stop of the tab key, arrows walk from mark to mark, Enter opens. `markProps` goes onto each
 * mark; its label is what a screen reader says.
 */
export function useMarks({ count, move, onActivate }: MarksInput) {
  const [active, setActive] = useState<number | null>(null);
  const [stop, setStop] = useState(0);
  const box = useRef<SVGSVGElement>(null);
  const show = useCallback((index: number | null) => setActive(index), []);
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>) => {
    const now = Math.min(stop, count - 1);
    const next = target(event.key, now, count, move);
    if (event.key === "Escape") setActive(null);
    if ((event.key === "Enter" || event.key === " ") && active !== null) {
      event.preventDefault();
      onActivate?.(active);
    }
    if (next === null || next === now) return;
    event.preventDefault();
    setStop(next);
    box.current?.querySelector<SVGElement>(`[data-mark="${next}"]`)?.focus();
  };
  const markProps = (index: number, label: string) => ({
    "data-mark": index,
    role: onActivate === undefined ? ("img" as const) : ("button" as const),
    tabIndex: index === Math.min(stop, count - 1) ? 0 : -1,
    "aria-label": label,
    onFocus: () => {
      setStop(index);
      setActive(index);
    },
    onBlur: () => setActive(null),
    onPointerEnter: () => setActive(index),
    onPointerLeave: () => setActive(null),
    onClick: () => onActivate?.(index),
    className: onActivate === undefined ? "outline-none" : "cursor-pointer outline-none",
  });
  return {
    active: active !== null && active < count ? active : null,
    show,
    svgProps: { ref: box, onKeyDown },
    markProps,
  };
}

const steps: Record<string, readonly [rows: number, columns: number]> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

function target(key: string, now: number, count: number, move: MarksInput["move"]): number | null {
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  return move === undefined ? Math.max(0, Math.min(count - 1, now + step[0] + step[1])) : move(now, step[0], step[1]);
}
