import { type ComponentProps, type ReactNode, useId } from "react";
import { joinClasses } from "../text/join-classes.ts";

export const fieldClasses =
  "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface-1 px-2.5 text-sm text-text-1 placeholder:text-text-3 aria-invalid:border-negative disabled:opacity-60";

interface TextFieldProps extends Omit<ComponentProps<"input">, "onChange" | "value" | "id" | "about"> {
  label: string;
  /** The label is read aloud only, where the place says what the field is. */
  isLabelHidden?: boolean;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with it and what to do; null when nothing is. */
  error?: string | null | undefined;
  about?: ReactNode;
  icon?: ReactNode;
}

/** One line of text with its label, what it means, and what is wrong with it. */
export function TextField({
  label,
  isLabelHidden = false,
  value,
  onChange,
  error,
  about,
  icon,
  className,
  ...rest
}: TextFieldProps) {
  const id = useId();
  const hasError = error !== undefined && error !== null;
  return (
    <div className={joinClasses("min-w-0", className)}>
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "mb-1 block text-xs text-text-2"}>
        {label}
      </label>
      <div className="relative">
        {icon !== undefined && (
          <span aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-text-3">
            {icon}
          </span>
        )}
        <input
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={hasError}
          aria-describedby={hasError || about !== undefined ? `${id}-about` : undefined}
          dir="auto"
          className={joinClasses(fieldClasses, icon !== undefined && "pl-8")}
          {...rest}
        />
      </div>
      {(hasError || about !== undefined) && (
        <p id={`${id}-about`} className={joinClasses("mt-1 text-xs", hasError ? "text-negative" : "text-text-2")}>
          {hasError ? error : about}
        </p>
      )}
    </div>
  );
}
