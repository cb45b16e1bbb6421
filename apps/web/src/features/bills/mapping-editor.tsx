import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { useState } from "react";
import { FieldSelect } from "./field-select.tsx";
import { gapOf, guessMapping, type MappingDraft, mappingTargets, toDefinition } from "./mapping.ts";

interface MappingEditorProps {
  columns: readonly string[];
  firstRows: readonly Readonly<Record<string, string | null>>[];
  /** Null takes the mapping back. */
  onApply: (definition: Record<string, unknown> | null) => void;
}

const dateFormats = [
  { value: "", label: "2026-05-31" },
  { value: "%d.%m.%Y", label: "31.05.2026" },
  { value: "%d/%m/%Y", label: "31/05/2026" },
  { value: "%m/%d/%Y", label: "05/31/2026" },
  { value: "%Y%m%d", label: "20260531" },
  { value: "unix", label: "Seconds since 1970" },
];

/** Which column of a CSV is what: a cost and a date are enough. */
export function MappingEditor({ columns, firstRows, onApply }: MappingEditorProps) {
  const [draft, setDraft] = useState(() => guessMapping(columns));
  const change = (changed: Partial<MappingDraft>) => setDraft((now) => ({ ...now, ...changed }));
  const gap = gapOf(draft);
  const choices = [
    { value: "", label: "Not in this file" },
    ...columns.map((column) => ({ value: column, label: labelOf(column, firstRows) })),
  ];
  return (
    <section aria-label="Columns of the file" className="rounded-lg border border-line p-4">
      <h3 className="font-semibold">Say what its columns are</h3>
      <p className="mt-0.5 text-sm text-text-2">
        A cost and a date are enough. Beside each column stands its first value.
      </p>
      <div className="mt-4 grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        <label className="block text-sm">
          <span className="text-xs font-medium">Who sends this bill</span>
          <input
            value={draft.name}
            maxLength={80}
            onChange={(event) => change({ name: event.target.value })}
            className="mt-1 block h-8 w-72 max-w-full rounded-md border border-line-strong bg-surface-1 px-2"
          />
        </label>
        {mappingTargets.map((target) => (
          <FieldSelect
            key={target.id}
            label={target.isNeeded ? `${target.label}, needed` : target.label}
            value={draft.columns[target.id] ?? ""}
            choices={choices}
            onChange={(column) => change({ columns: { ...draft.columns, [target.id]: column } })}
          />
        ))}
        {!draft.columns["BillingCurrency"] && (
          <label className="block text-sm">
            <span className="text-xs font-medium">Currency of the whole file</span>
            <input
              value={draft.currency}
              placeholder="USD"
              maxLength={3}
              onChange={(event) => change({ currency: event.target.value.toUpperCase() })}
              className="mt-1 block h-8 w-24 rounded-md border border-line-strong bg-surface-1 px-2"
            />
          </label>
        )}
        <FieldSelect
          label="How dates are written"
          value={draft.dateFormat}
          choices={dateFormats}
          onChange={(dateFormat) => change({ dateFormat })}
        />
        <Checkbox
          className="self-end"
          label="1.234,50 is one thousand two hundred"
          checked={draft.isDecimalComma}
          onChange={(isDecimalComma) => change({ isDecimalComma })}
        />
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <Button kind="primary" disabled={gap !== null} onClick={() => onApply(toDefinition(draft))}>
          Read it like this
        </Button>
        <Button kind="quiet" onClick={() => onApply(null)}>
          Without a mapping
        </Button>
        {gap !== null && <p className="text-sm text-text-2">{gap}</p>}
      </div>
    </section>
  );
}

function labelOf(column: string, rows: MappingEditorProps["firstRows"]): string {
  const value = rows.map((row) => row[column]).find((one) => one !== null && one !== undefined && one !== "");
  return value === undefined || value === null ? column : `${column}: ${value.slice(0, 30)}`;
}
