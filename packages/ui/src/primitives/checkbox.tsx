import { type ReactNode, useEffect, useRef } from "react";
import { joinClasses } from "../text/join-classes.ts";

interface CheckboxProps {
  label: ReactNode;
  /** `mixed`: some of what it stands for. */
  checked: boolean | "mixed";
  onChange: (checked: boolean) => void;
  isDisabled?: boolean;
  className?: string;
}

/** The browser's own box: it knows the keyboard, the theme and every screen reader. */
export function Checkbox({ label, checked, onChange, isDisabled = false, className }: CheckboxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = checked === "mixed";
  }, [checked]);
  return (
    <label className={joinClasses("flex min-w-0 items-center gap-2 text-sm", isDisabled && "text-text-3", className)}>
      <input
        ref={box}
        type="checkbox"
        checked={checked === true}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 shrink-0 accent-[var(--accent)]"
      />
      <span className="min-w-0 truncate" dir="auto">
        {label}
      </span>
    </label>
  );
}
