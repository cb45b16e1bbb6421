import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostFilter, CostView } from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";
import { Popover } from "@finops/ui/primitives/popover";
import { Plus, SlidersHorizontal, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { dimensionLabel, valueLabel } from "../../lib/cost-words.ts";
import { FieldPicker } from "../../lib/cost-filter/field-picker.tsx";
import { FormEnd } from "../../lib/cost-filter/form-end.tsx";
import { late } from "../../lib/late.tsx";
import { type FilterLine, newLine, partWords, toFilter, toPart } from "../../lib/cost-filter/filter-tree.ts";
import { addFilter, partsOf, removePart, replacePart, withFilter } from "./explorer-state.ts";
import type { ValueScope } from "../../lib/cost-filter/use-values.ts";

const FilterEditor = lazy(async () => ({
  default: (await import("../../lib/cost-filter/filter-editor.tsx")).FilterEditor,
}));

const FilterLineForm = late(
  lazy(async () => ({ default: (await import("../../lib/cost-filter/filter-line-form.tsx")).FilterLineForm })),
  "h-40",
);

interface FilterBarProps {
  view: CostView;
  catalog: CostCatalog;
  scope: ValueScope;
  onShow: (next: CostView) => void;
  /** The dimension that a filter is being made for; from anywhere on the page. */
  adding: string | null;
  onAdding: (dimension: string | null) => void;
}

/** What is in force, one chip each, and the ways to say more. */
export function FilterBar({ view, catalog, scope, onShow, adding, onAdding }: FilterBarProps) {
  const [isEditing, setIsEditing] = useState(false);
  const parts = partsOf(view.filter);
  return (
    <div className="flex flex-wrap items-center gap-2" aria-label="Filters" role="group">
      {parts.map((part, index) => (
        <Chip
          key={JSON.stringify(part)}
          part={part}
          catalog={catalog}
          scope={{ ...scope, filter: without(view, index) }}
          onChange={(next) => onShow(replacePart(view, index, next))}
          onRemove={() => onShow(removePart(view, index))}
          onEdit={() => setIsEditing(true)}
        />
      ))}
      <AddFilter
        catalog={catalog}
        scope={scope}
        dimension={adding}
        onDimension={onAdding}
        onAdd={(filter) => onShow(addFilter(view, filter))}
      />
      {parts.length > 0 && (
        <Button kind="quiet" icon={<SlidersHorizontal size={14} aria-hidden />} onClick={() => setIsEditing(true)}>
          Edit
        </Button>
      )}
      {parts.length > 1 && (
        <Button kind="quiet" onClick={() => onShow(withFilter(view, undefined))}>
          Clear all
        </Button>
      )}
      {isEditing && (
        <Suspense>
          <FilterEditor
            filter={view.filter}
            catalog={catalog}
            scope={{ ...scope, filter: undefined }}
            onApply={(filter) => onShow(withFilter(view, filter))}
            onClose={() => setIsEditing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Values to choose from are those of the charges that all other tests let through. */
function without(view: CostView, index: number): CostFilter | undefined {
  return removePart(view, index).filter;
}

interface ChipProps {
  part: CostFilter;
  catalog: CostCatalog;
  scope: ValueScope;
  onChange: (next: CostFilter | null) => void;
  onRemove: () => void;
  onEdit: () => void;
}

function Chip({ part, catalog, scope, onChange, onRemove, onEdit }: ChipProps) {
  const [line, setLine] = useState<FilterLine | null>(null);
  const read = toPart(part);
  const words = partWords(read, { dimension: (name) => dimensionLabel(name, catalog), value: valueLabel });
  const body = (
    <button
      type="button"
      onClick={read.kind === "group" ? onEdit : undefined}
      className="flex h-7 min-w-0 items-center gap-1 rounded-md pl-2 text-accent hover:underline"
    >
      <span className="max-w-40 shrink-0 truncate opacity-80" dir="auto">
        {words.name}
      </span>
      <span className="max-w-72 truncate font-medium" dir="auto" title={words.text}>
        {words.text}
      </span>
    </button>
  );
  return (
    <span className="inline-flex h-7 max-w-full items-center gap-0.5 rounded-md bg-accent-soft pr-0.5 text-sm">
      {read.kind === "group" ? (
        body
      ) : (
        <Popover
          label={`Filter ${words.name}`}
          className="w-80 p-3"
          isOpen={line !== null}
          onOpen={(isOpen) => setLine(isOpen ? read : null)}
          trigger={body}
        >
          {line !== null && (
            <>
              <FilterLineForm line={line} label={words.name} scope={scope} onChange={setLine} />
              <FormEnd
                isEmpty={toFilter(line) === undefined}
                onRemove={onRemove}
                onApply={() => {
                  setLine(null);
                  onChange(toFilter(line) ?? null);
                }}
              />
            </>
          )}
        </Popover>
      )}
      <button
        type="button"
        aria-label={`Remove the filter ${words.name} ${words.text}`}
        onClick={onRemove}
        className="grid size-6 shrink-0 place-items-center rounded-sm text-accent hover:bg-surface-1"
      >
        <X size={14} aria-hidden />
      </button>
    </span>
  );
}

interface AddFilterProps {
  catalog: CostCatalog;
  scope: ValueScope;
  dimension: string | null;
  onDimension: (dimension: string | null) => void;
  onAdd: (filter: CostFilter) => void;
}

/** First of what, then which values. */
function AddFilter({ catalog, scope, dimension, onDimension, onAdd }: AddFilterProps) {
  const [isOpen, setIsOpen] = useState(false);
  const close = () => {
    setIsOpen(false);
    onDimension(null);
  };
  return (
    <Popover
      label="Add a filter"
      className="w-80 p-3"
      isOpen={isOpen || dimension !== null}
      onOpen={(open) => (open ? setIsOpen(true) : close())}
      trigger={
        <Button kind="quiet" icon={<Plus size={14} aria-hidden />} className="h-7">
          Filter
        </Button>
      }
    >
      {dimension === null ? (
        <FieldPicker catalog={catalog} onChoose={onDimension} />
      ) : (
        <NewLine
          key={dimension}
          dimension={dimension}
          label={dimensionLabel(dimension, catalog)}
          scope={scope}
          onAdd={(filter) => {
            onAdd(filter);
            close();
          }}
        />
      )}
    </Popover>
  );
}

function NewLine({
  dimension,
  label,
  scope,
  onAdd,
}: {
  dimension: string;
  label: string;
  scope: ValueScope;
  onAdd: (filter: CostFilter) => void;
}) {
  const [line, setLine] = useState(() => newLine(dimension));
  const filter = toFilter(line);
  return (
    <>
      <FilterLineForm line={line} label={label} scope={scope} onChange={setLine} />
      <FormEnd isEmpty={filter === undefined} onApply={() => filter !== undefined && onAdd(filter)} />
    </>
  );
}
