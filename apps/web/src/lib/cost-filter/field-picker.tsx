import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { TextField } from "@finops/ui/primitives/text-field";
import { Search } from "lucide-react";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { fieldsOf, findFields } from "../field-groups.ts";

const shownMax = 100;

/** One dimension or tag, found by typing: Enter takes the first, arrows walk to the others. */
export function FieldPicker({ catalog, onChoose }: { catalog: CostCatalog; onChoose: (name: string) => void }) {
  const [text, setText] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const fields = useMemo(() => fieldsOf(catalog), [catalog]);
  const found = useMemo(() => findFields(fields, text).slice(0, shownMax), [fields, text]);
  const walk = (event: KeyboardEvent, from: number) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter" && from === -1 && found[0] !== undefined) {
      event.preventDefault();
      onChoose(found[0].name);
    }
    if (step === 0) return;
    event.preventDefault();
    list.current?.querySelectorAll("button")[Math.max(0, from + step)]?.focus();
  };
  return (
    <>
      <TextField
        label="Find a dimension or tag"
        isLabelHidden
        type="search"
        value={text}
        onChange={setText}
        onKeyDown={(event) => walk(event, -1)}
        placeholder="Find a dimension or tag"
        icon={<Search size={14} />}
      />
      <ul ref={list} aria-label="Dimensions and tags" className="mt-1 max-h-72 overflow-y-auto">
        {found.map((field, index) => (
          <li key={field.name}>
            <button
              type="button"
              onClick={() => onChoose(field.name)}
              onKeyDown={(event) => walk(event, index)}
              className="flex w-full items-baseline justify-between gap-3 rounded-md px-2 py-1 text-left text-sm hover:bg-surface-3"
            >
              <span className="truncate" dir="auto">
                {field.label}
              </span>
              <span className="shrink-0 text-xs text-text-2">{field.group}</span>
            </button>
          </li>
        ))}
        {found.length === 0 && <li className="p-2 text-sm text-text-2">Nothing has “{text}” in its name.</li>}
      </ul>
    </>
  );
}
