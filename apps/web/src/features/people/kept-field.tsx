import { TextField } from "@finops/ui/primitives/text-field";
import { useState } from "react";

interface KeptFieldProps {
  label: string;
  value: string;
  maxLength: number;
  /** Left empty, it goes back to what it was. */
  isNeeded?: boolean;
  onKeep: (value: string) => void;
}

/** A line of text that is kept when one leaves it or presses Enter; Escape takes back what was typed. */
export function KeptField({ label, value, maxLength, isNeeded = false, onKeep }: KeptFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const keep = () => {
    const text = draft?.trim() ?? value;
    setDraft(null);
    if (text !== value && !(isNeeded && text === "")) onKeep(text);
  };
  return (
    <TextField
      label={label}
      value={draft ?? value}
      maxLength={maxLength}
      onChange={setDraft}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep();
        if (event.key !== "Escape" || draft === null) return;
        event.preventDefault();
        setDraft(null);
      }}
    />
  );
}
