import { type ReactNode, useState } from "react";
import { readNumber } from "../table/arrange-rows.ts";
import { TextField } from "./text-field.tsx";

interface NumberFieldProps {
  label: string;
  isLabelHidden?: boolean;
  /** Exact decimal text; empty when there is none. */
  value: string;
  /** Told only what is a number, or empty. */
  onChange: (value: string) => void;
  error?: string | null;
  about?: ReactNode;
  className?: string;
}

/** A figure as people type it (`1,200.50`), kept as exact decimal text and never as a float. */
export function NumberField({ value, onChange, error, ...rest }: NumberFieldProps) {
  const [typed, setTyped] = useState(value);
  // What was typed stays as it was typed, as long as it means the same.
  const text = (readNumber(typed) ?? "") === value || readNumber(typed) === null ? typed : value;
  const isWrong = text.trim() !== "" && readNumber(text) === null;
  return (
    <TextField
      {...rest}
      inputMode="decimal"
      value={text}
      error={isWrong ? "Write a number, such as 1200.50." : error}
      onChange={(next) => {
        setTyped(next);
        const number = readNumber(next);
        if (number !== null || next.trim() === "") onChange(number ?? "");
      }}
    />
  );
}
