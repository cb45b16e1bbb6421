import { TextField } from "@finops/ui/primitives/text-field";
import { useState } from "react";

interface HeadFieldsProps {
  name: string;
  description: string;
  onChange: (change: { name?: string; description?: string }) => void;
}

/** What a document is called and what it is for. A name is kept only where there is one. */
export function HeadFields({ name, description, onChange }: HeadFieldsProps) {
  // The server trims what it keeps, which must not happen under somebody's fingers.
  const [typed, setTyped] = useState(name);
  const [purpose, setPurpose] = useState(description);
  return (
    <div className="mb-4 grid max-w-4xl gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <TextField
        label="Name"
        value={typed}
        maxLength={120}
        error={typed.trim() === "" ? "Give it a name." : null}
        onChange={(next) => {
          setTyped(next);
          if (next.trim() !== "") onChange({ name: next.trim() });
        }}
      />
      <TextField
        label="What it is for"
        value={purpose}
        maxLength={1000}
        onChange={(next) => {
          setPurpose(next);
          onChange({ description: next });
        }}
      />
    </div>
  );
}
