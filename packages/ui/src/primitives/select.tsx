import { useId } from "react";
import { joinClasses } from "../text/join-classes.ts";
import { fieldClasses } from "./text-field.tsx";

interface SelectProps<T extends string> {
  label: string;
  isLabelHidden?: boolean;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  isDisabled?: boolean;
  className?: string;
}

/** One of a few in a form: the browser's own, which a phone shows in its own way. */
export function Select<T extends string>(props: SelectProps<T>) {
  const id = useId();
  return (
    <div className={joinClasses("min-w-0", props.className)}>
      <label htmlFor={id} className={props.isLabelHidden === true ? "sr-only" : "mb-1 block text-xs text-text-2"}>
        {props.label}
      </label>
      <select
        id={id}
        value={props.value}
        disabled={props.isDisabled}
        onChange={(event) => props.onChange(event.target.value as T)}
        className={joinClasses(fieldClasses, "pr-7")}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
