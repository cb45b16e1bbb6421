import type { ReactNode } from "react";
import { joinClasses } from "../text/join-classes.ts";

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  onChoose: (value: T) => void;
}

/** Two to four ways to see the same thing, side by side. */
export function Segments<T extends string>({ label, value, options, onChoose }: SegmentsProps<T>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="inline-flex h-8 shrink-0 rounded-md border border-line-strong bg-surface-2 p-0.5"
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChoose(option.value)}
          className={joinClasses(
            "inline-flex items-center gap-1.5 rounded-sm px-2 text-sm transition-colors duration-[120ms]",
            option.value === value
              ? "bg-surface-1 font-medium text-text-1 shadow-[0_0_0_1px_var(--line-strong)]"
              : "text-text-2 hover:text-text-1",
          )}
        >
          {option.icon}
          {option.label}
        </button>
      ))}
    </div>
  );
}
