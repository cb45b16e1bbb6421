import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { type CostFilter, formatFilterText, parseFilterText } from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";
import { Popover } from "@finops/ui/primitives/popover";
import { Segments } from "@finops/ui/primitives/segments";
import { ListPlus, Plus, Trash2 } from "lucide-react";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { dimensionLabel, valueLabel } from "../cost-words.ts";
import { FieldPicker } from "./field-picker.tsx";
import { FilterLineForm } from "./filter-line-form.tsx";
import {
  type FilterGroup,
  type FilterLine,
  type FilterPart,
  newLine,
  partWords,
  toFilter,
  toTree,
} from "./filter-tree.ts";
import type { ValueScope } from "./use-values.ts";

interface FilterEditorProps {
  filter: CostFilter | undefined;
  catalog: CostCatalog;
  scope: ValueScope;
  onApply: (filter: CostFilter | undefined) => void;
  onClose: () => void;
}

/** The whole filter: groups in groups, or as text. Nothing changes until it is applied. */
export function FilterEditor({ filter, catalog, scope, onApply, onClose }: FilterEditorProps) {
  const [form, setForm] = useState<"lines" | "text">("lines");
  const [tree, setTree] = useState(() => toTree(filter));
  const [text, setText] = useState("");
  const read = form === "text" ? readText(text) : { filter: toFilter(tree), error: null };
  const change = (next: "lines" | "text") => {
    if (next === form) return;
    if (next === "text") setText(formatFilterText(toFilter(tree) ?? { and: [] }));
    else if (read.error === null) setTree(toTree(read.filter));
    else return;
    setForm(next);
  };
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="appear fixed inset-0 z-40 bg-[rgb(0_0_0/0.4)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="appear fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-32px)] w-[min(720px,calc(100vw-24px))] -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg border border-line-strong bg-surface-1"
        >
          <header className="flex flex-wrap items-center justify-between gap-2 px-5 pt-4 pb-3">
            <Dialog.Title className="text-lg font-semibold">Filter</Dialog.Title>
            <Segments label="Written as" value={form} options={forms} onChoose={change} />
          </header>
          <div className="min-h-40 flex-1 overflow-y-auto px-5 pb-2">
            {form === "lines" ? (
              <Group group={tree} catalog={catalog} scope={scope} depth={0} onChange={setTree} />
            ) : (
              <label className="block text-xs text-text-2">
                A filter as text, such as serviceName = &apos;Amazon EC2&apos; and tag:team in (web, null)
                <textarea
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                  spellCheck={false}
                  rows={8}
                  aria-invalid={read.error !== null}
                  className="mt-1 w-full rounded-md border border-line-strong bg-surface-1 p-2 font-mono text-sm text-text-1"
                />
                {read.error !== null && (
                  <span role="alert" className="text-negative">
                    {read.error}
                  </span>
                )}
              </label>
            )}
          </div>
          <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">
            <Button onClick={onClose}>Cancel</Button>
            <Button
              kind="primary"
              disabled={read.error !== null}
              onClick={() => {
                onApply(read.filter);
                onClose();
              }}
            >
              Apply
            </Button>
          </footer>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const forms = [
  { value: "lines", label: "Lines" },
  { value: "text", label: "Text" },
] as const;

function readText(text: string): { filter: CostFilter | undefined; error: string | null } {
  if (text.trim() === "") return { filter: undefined, error: null };
  try {
    return { filter: parseFilterText(text), error: null };
  } catch (error) {
    return { filter: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}

interface GroupProps {
  group: FilterGroup;
  catalog: CostCatalog;
  scope: ValueScope;
  depth: number;
  onChange: (next: FilterGroup) => void;
  onRemove?: () => void;
}

const depthMax = 5;

function Group({ group, catalog, scope, depth, onChange, onRemove }: GroupProps) {
  const replace = (index: number, part: FilterPart | null) =>
    onChange({
      ...group,
      parts: group.parts.flatMap((old, at) => (at === index ? (part === null ? [] : [part]) : [old])),
    });
  const add = (part: FilterPart) => onChange({ ...group, parts: [...group.parts, part] });
  const word = { all: "and", any: "or", none: "or" }[group.holds];
  return (
    <fieldset className={depth === 0 ? "min-w-0" : "min-w-0 rounded-lg border border-line bg-surface-2 p-3"}>
      <legend className="sr-only">Tests of which {group.holds} must hold</legend>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Segments
          label="How many must hold"
          value={group.holds}
          options={holds}
          onChoose={(next) => onChange({ ...group, holds: next })}
        />
        {onRemove !== undefined && (
          <Button
            kind="quiet"
            className="ml-auto"
            icon={<Trash2 size={14} aria-hidden />}
            aria-label="Remove the group"
            title="Remove the group"
            onClick={onRemove}
          />
        )}
      </div>
      <ul className="space-y-2">
        {group.parts.map((part, index) => (
          // Lines have no name of their own; their place is what tells them apart.
          <li key={index} className="flex items-start gap-2">
            <span className="w-8 shrink-0 pt-1.5 text-right text-xs text-text-2">{index === 0 ? "" : word}</span>
            <div className="min-w-0 flex-1">
              {part.kind === "group" ? (
                <Group
                  group={part}
                  catalog={catalog}
                  scope={scope}
                  depth={depth + 1}
                  onChange={(next) => replace(index, next)}
                  onRemove={() => replace(index, null)}
                />
              ) : (
                <Line
                  line={part}
                  catalog={catalog}
                  scope={scope}
                  onChange={(next) => replace(index, next)}
                  onRemove={() => replace(index, null)}
                />
              )}
            </div>
          </li>
        ))}
      </ul>
      <div className="mt-2 flex flex-wrap gap-2 pl-10">
        <AddLine catalog={catalog} onAdd={(dimension) => add(newLine(dimension))} />
        {depth < depthMax && (
          <Button
            kind="quiet"
            icon={<ListPlus size={14} aria-hidden />}
            onClick={() => add({ kind: "group", holds: group.holds === "any" ? "all" : "any", parts: [] })}
          >
            Add a group
          </Button>
        )}
      </div>
    </fieldset>
  );
}

const holds = [
  { value: "all", label: "All hold" },
  { value: "any", label: "Any holds" },
  { value: "none", label: "None holds" },
] as const;

function AddLine({ catalog, onAdd }: { catalog: CostCatalog; onAdd: (dimension: string) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      label="Add a test"
      className="w-72 p-2"
      isOpen={isOpen}
      onOpen={setIsOpen}
      trigger={
        <Button kind="quiet" icon={<Plus size={14} aria-hidden />}>
          Add a test
        </Button>
      }
    >
      <FieldPicker
        catalog={catalog}
        onChoose={(dimension) => {
          setIsOpen(false);
          onAdd(dimension);
        }}
      />
    </Popover>
  );
}

interface LineProps {
  line: FilterLine;
  catalog: CostCatalog;
  scope: ValueScope;
  onChange: (line: FilterLine) => void;
  onRemove: () => void;
}

function Line({ line, catalog, scope, onChange, onRemove }: LineProps) {
  // A line that was just added asks for its values at once.
  const [isOpen, setIsOpen] = useState(() => toFilter(line) === undefined);
  const words = partWords(line, { dimension: (name) => dimensionLabel(name, catalog), value: valueLabel });
  return (
    <div className="flex items-center gap-1 rounded-md border border-line-strong bg-surface-1 pr-1">
      <Popover
        label={`Test of ${words.name}`}
        className="w-80 p-3"
        isOpen={isOpen}
        onOpen={setIsOpen}
        trigger={
          <button
            type="button"
            className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2.5 text-left text-sm hover:bg-surface-3"
          >
            <span className="max-w-[45%] shrink-0 truncate text-text-2" dir="auto">
              {words.name}
            </span>
            <span className="truncate" dir="auto">
              {toFilter(line) === undefined ? <i className="text-text-2">choose …</i> : words.text}
            </span>
          </button>
        }
      >
        <FilterLineForm line={line} label={words.name} scope={scope} onChange={onChange} />
      </Popover>
      <button
        type="button"
        aria-label={`Remove the test of ${words.name}`}
        title="Remove"
        onClick={onRemove}
        className="grid size-6 shrink-0 place-items-center rounded-sm text-text-2 hover:bg-surface-3"
      >
        <Trash2 size={14} aria-hidden />
      </button>
    </div>
  );
}
