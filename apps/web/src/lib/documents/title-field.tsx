import { TextField } from "@finops/ui/primitives/text-field";
import { useState } from "react";

/** A title as it is typed: the server trims what it keeps, which must not happen under somebody's fingers. */
export function TitleField({ title, onChange }: { title: string; onChange: (title: string) => void }) {
  const [typed, setTyped] = useState(title);
  return (
    <TextField
      label="Title"
      value={typed}
      maxLength={200}
      onChange={(next) => {
        setTyped(next);
        onChange(next);
      }}
    />
  );
}
