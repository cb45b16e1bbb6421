import { Button } from "@finops/ui/primitives/button";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import { SearchMenu } from "@finops/ui/primitives/search-menu";
import { TextField } from "@finops/ui/primitives/text-field";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { actionThings, actionWords, knownActions, viaWords } from "./action-words.ts";
import { type AuditSearch, hasFilter } from "./audit-search.ts";

interface AuditFiltersProps {
  search: AuditSearch;
  onSearch: (change: Partial<AuditSearch>) => void;
}

const anyAction = { value: "", label: "anything", group: "" };
const actionChoices = [
  anyAction,
  ...actionThings.map(({ value, label }) => ({ value, label, group: "All about" })),
  ...knownActions.map((value) => ({ value, label: actionWords(value), group: "One action" })),
];
const ways = [{ value: "", label: "any" }, ...Object.entries(viaWords).map(([value, label]) => ({ value, label }))];

/** Which entries: by who, what, how and when, and by a part of anything that they say. */
export function AuditFilters({ search, onSearch }: AuditFiltersProps) {
  const clear = {
    actor: undefined,
    action: undefined,
    via: undefined,
    from: undefined,
    to: undefined,
    text: undefined,
  };
  return (
    <div role="group" aria-label="Filters" className="mb-4 flex flex-wrap items-end gap-2">
      <TypedField
        label="Find in entries"
        placeholder="Find in entries"
        value={search.text ?? ""}
        onSettle={(text) => onSearch({ text: text === "" ? undefined : text })}
      />
      <TypedField
        label="Who"
        placeholder="Who"
        value={search.actor ?? ""}
        onSettle={(actor) => onSearch({ actor: actor === "" ? undefined : actor })}
      />
      <SearchMenu
        label="What"
        value={search.action ?? ""}
        valueLabel={labelOf(search.action)}
        choices={actionChoices}
        placeholder="Find an action"
        onChoose={(action) => onSearch({ action: action === "" ? undefined : action })}
      />
      <ChoiceMenu
        label="By way of"
        value={search.via ?? ""}
        choices={ways}
        onChoose={(via) => onSearch({ via: via === "" ? undefined : (via as NonNullable<AuditSearch["via"]>) })}
      />
      <DayField label="From" value={search.from} onChange={(from) => onSearch({ from })} />
      <DayField label="To" value={search.to} onChange={(to) => onSearch({ to })} />
      {hasFilter(search) && (
        <Button kind="quiet" onClick={() => onSearch(clear)}>
          Clear all
        </Button>
      )}
    </div>
  );
}

function labelOf(action: string | undefined): string {
  if (action === undefined) return "anything";
  return actionThings.find((one) => one.value === action)?.label ?? actionWords(action);
}

const settleMs = 250;

/** Text that is asked for when somebody has stopped typing. */
function TypedField(props: { label: string; placeholder: string; value: string; onSettle: (text: string) => void }) {
  const { label, placeholder, value, onSettle } = props;
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => {
      onSettle(draft.trim());
      setDraft(null);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [draft, onSettle]);
  return (
    <TextField
      label={label}
      isLabelHidden
      type="search"
      placeholder={placeholder}
      icon={<Search size={14} />}
      value={draft ?? value}
      maxLength={200}
      onChange={setDraft}
      className="w-48 max-sm:w-full"
    />
  );
}

interface DayFieldProps {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}

function DayField({ label, value, onChange }: DayFieldProps) {
  return (
    <label className="flex h-8 items-center gap-2 rounded-md border border-line-strong bg-surface-1 px-2.5 text-sm">
      <span className="text-text-2">{label}</span>
      <input
        type="date"
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
        className="min-w-0 bg-transparent text-text-1"
      />
    </label>
  );
}
