import { Checkbox } from "@finops/ui/primitives/checkbox";
import { TextField } from "@finops/ui/primitives/text-field";
import { Money } from "@finops/ui/figures/money";
import { formatCount } from "@finops/ui/text/format-figure";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { valueLabel } from "../cost-words.ts";
import { focusOnce } from "./focus-once.ts";
import { type ValueScope, useValues } from "./use-values.ts";

interface ValuePickerProps {
  dimension: string;
  label: string;
  scope: ValueScope;
  chosen: readonly (string | null)[];
  onChoose: (values: (string | null)[]) => void;
}

/** The values of a dimension with what each costs, biggest first, found by typing. What is chosen stays in sight. */
export function ValuePicker({ dimension, label, scope, chosen, onChoose }: ValuePickerProps) {
  const [text, setText] = useState("");
  const search = useSettled(text, 180);
  const values = useValues(dimension, search, scope);
  const found = values.data?.values ?? [];
  const others = chosen.filter((value) => search === "" && !found.some((one) => one.value === value));
  const lines = [...others.map((value) => ({ value, costs: [] as (typeof found)[number]["costs"] })), ...found];
  const toggle = (value: string | null) =>
    onChoose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <div className="flex min-h-0 flex-col">
      <TextField
        label={`Find a value of ${label}`}
        isLabelHidden
        type="search"
        value={text}
        onChange={setText}
        placeholder="Find a value"
        icon={<Search size={14} />}
        ref={focusOnce}
      />
      <div
        className="mt-1 max-h-64 min-h-24 overflow-y-auto overscroll-contain"
        aria-busy={values.isFetching}
        role="group"
        aria-label={`Values of ${label}`}
      >
        {lines.map(({ value, costs }) => (
          <div key={value ?? "\u0000"} className="flex h-8 items-center gap-2 rounded-md px-1.5 hover:bg-surface-3">
            <Checkbox
              label={
                value === null || value === "" ? (
                  <i className="text-text-2">{valueLabel(dimension, value)}</i>
                ) : (
                  <span title={value}>{value}</span>
                )
              }
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
              className="min-w-0 flex-1"
            />
            {costs[0] !== undefined && (
              <span className="shrink-0 text-xs text-text-2">
                <Money
                  amount={costs[0].cost.value}
                  currency={costs[0].currency}
                  missing={costs[0].cost.missing}
                  short
                />
              </span>
            )}
          </div>
        ))}
        {values.error !== null && values.data === undefined && (
          <p role="alert" className="p-2 text-sm text-negative">
            {values.error.message}
          </p>
        )}
        {values.data !== undefined && lines.length === 0 && (
          <p className="p-2 text-sm text-text-2">
            {search === "" ? "No charge in this period states it." : `No value has “${search}” in it.`}
          </p>
        )}
      </div>
      {values.data !== undefined && values.data.total > found.length && (
        <p className="px-1.5 pt-1 text-xs text-text-2">
          The {formatCount(found.length)} with the highest cost of {formatCount(values.data.total)}. Type to find the
          others.
        </p>
      )}
    </div>
  );
}

/** The text after somebody has stopped typing. */
function useSettled(text: string, ms: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}
