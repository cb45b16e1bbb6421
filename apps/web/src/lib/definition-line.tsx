import type { ReactNode } from "react";

/** A line of what something is: its name above what is said of it. Stands in a `dl`. */
export function DefinitionLine({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-text-2">{name}</dt>
      <dd className="break-words whitespace-pre-line" dir="auto">
        {children}
      </dd>
    </div>
  );
}
