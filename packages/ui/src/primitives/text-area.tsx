import { type ReactNode, useId } from "react";
import { joinClasses } from "../text/join-classes.ts";
import { fieldClasses } from "./text-field.tsx";

interface TextAreaProps {
  label: string;
  isLabelHidden?: boolean;
  value: string;
  onChange: (value: string) => void;
  about?: ReactNode;
  rows?: number;
  maxLength?: number;
  placeholder?: string;
}

/** More than one line of text, with its label. */
export function TextArea({ label, isLabelHidden = false, value, onChange, about, rows = 5, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "mb-1 block text-xs text-text-2"}>
        {label}
      </label>
      <textarea
        id={id}
        value={value}
        rows={rows}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={about === undefined ? undefined : `${id}-about`}
        dir="auto"
        className={joinClasses(fieldClasses, "h-auto resize-y py-1.5")}
        {...rest}
      />
      {about !== undefined && (
        <p id={`${id}-about`} className="mt-1 text-xs text-text-2">
          {about}
        </p>
      )}
    </div>
  );
}
