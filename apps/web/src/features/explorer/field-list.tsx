import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostView } from "@finops/capabilities/views/contract";
import { TextField } from "@finops/ui/primitives/text-field";
import { joinClasses } from "@finops/ui/text/join-classes";
import { ArrowLeftRight, ChartColumn, Columns3, Filter, ListTree, Search, X } from "lucide-react";
import { type KeyboardEvent, memo, type ReactNode, useDeferredValue, useMemo, useState } from "react";
import { type Field, fieldsOf, findFields } from "../../lib/field-groups.ts";
import { dimensionLabel } from "../../lib/cost-words.ts";
import type { Prefetch } from "./explorer-queries.ts";
import { defaultColumns } from "./row-columns.ts";
import { leadMeasure, onlyMeasure, swapGroups, toggleGroup, toggleMeasure } from "./explorer-state.ts";

export interface FieldListProps {
  view: CostView;
  catalog: CostCatalog;
  prefetch: Prefetch;
  /** Changes the view of the moment, which may be newer than the one that is listed. */
  onChange: (change: (now: CostView) => CostView) => void;
  onFilter: (dimension: string) => void;
  className?: string;
}

type Measure = CostCatalog["measures"][number];
type Line =
  | { kind: "title"; id: string; label: string; count: number }
  | { kind: "measure"; id: string; measure: Measure }
  | { kind: "field"; id: string; field: Field };

/** Everything that can be asked, found by typing. A name is one click; its small buttons add it to what is there. */
export const FieldList = memo(function FieldList(props: FieldListProps) {
  const { view, catalog } = props;
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text);
  const fields = useMemo(() => fieldsOf(catalog), [catalog]);
  const lines = useMemo(
    () => linesOf(view.shows === "groups" ? catalog.measures : [], fields, wanted),
    [view.shows, catalog, fields, wanted],
  );
  return (
    <div className={joinClasses("flex min-h-0 flex-col", props.className)}>
      <TextField
        label="Find a measure, dimension or tag"
        isLabelHidden
        type="search"
        value={text}
        onChange={setText}
        placeholder={`Find in ${fields.length} fields`}
        icon={<Search size={14} />}
        className="p-2"
        data-shortcut="/"
      />
      {view.shows === "groups" && <Levels {...props} />}
      {lines.length === 0 ? (
        <p className="px-3 py-2 text-sm text-text-2">Nothing has “{wanted}” in its name.</p>
      ) : (
        <Lines lines={lines} key={wanted}>
          {(line) => <LineBody line={line} {...props} />}
        </Lines>
      )}
    </div>
  );
});

/** What the table is grouped by now, one level inside the other. */
function Levels({ view, catalog, prefetch, onChange }: FieldListProps) {
  const { groupBy } = view;
  return (
    <div
      className="flex flex-wrap items-center gap-1 border-b border-line px-3 pb-2 text-sm"
      role="group"
      aria-label="Grouped by"
    >
      <span className="text-text-2">By</span>
      {groupBy.map((name, level) => (
        <span key={name} className="inline-flex h-6 min-w-0 items-center rounded-md bg-accent-soft pl-1.5 text-accent">
          <span className="max-w-32 truncate" dir="auto">
            {dimensionLabel(name, catalog)}
          </span>
          <button
            type="button"
            aria-label={`Do not group by ${dimensionLabel(name, catalog)}`}
            title="Do not group by it"
            onClick={() => onChange((now) => toggleGroup(now, name, "inside"))}
            className="grid size-6 place-items-center rounded-sm hover:bg-surface-1"
          >
            <X size={12} aria-hidden />
          </button>
          {level === 0 && groupBy.length > 1 && <span className="sr-only">, then</span>}
        </span>
      ))}
      {groupBy.length === 0 && <span>nothing: the total alone</span>}
      {groupBy.length === 2 && (
        <button
          type="button"
          aria-label="Swap the two levels"
          title="Swap the two levels"
          onClick={() => onChange(swapGroups)}
          {...prefetch(() => swapGroups(view))}
          className="grid size-6 place-items-center rounded-sm text-text-2 hover:bg-surface-3"
        >
          <ArrowLeftRight size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}

function linesOf(measures: readonly Measure[], fields: readonly Field[], text: string): Line[] {
  const words = text.toLowerCase().trim();
  const found = measures.filter((one) => `${one.label} ${one.name} measure`.toLowerCase().includes(words));
  const lines: Line[] =
    found.length === 0
      ? []
      : [
          { kind: "title", id: "# measures", label: "Measures", count: found.length },
          ...found.map((measure): Line => ({ kind: "measure", id: `# ${measure.name}`, measure })),
        ];
  const groups = new Map<string, Field[]>();
  for (const field of findFields(fields, text)) {
    const group = groups.get(field.group);
    if (group === undefined) groups.set(field.group, [field]);
    else group.push(field);
  }
  for (const [group, inside] of groups) {
    lines.push({ kind: "title", id: `# ${group}`, label: group, count: inside.length });
    lines.push(...inside.map((field): Line => ({ kind: "field", id: field.name, field })));
  }
  return lines;
}

const lineHeight = 28;
const overscan = 8;

/** Only the lines in sight are drawn: a company has thousands of tag keys. Arrows move from line to line. */
function Lines({ lines, children }: { lines: readonly Line[]; children: (line: Line) => ReactNode }) {
  const [{ top, height }, setSight] = useState({ top: 0, height: 800 });
  const first = Math.max(0, Math.floor(top / lineHeight) - overscan);
  const last = Math.min(lines.length, Math.ceil((top + height) / lineHeight) + overscan);
  return (
    <div
      onScroll={({ currentTarget }) => setSight({ top: currentTarget.scrollTop, height: currentTarget.clientHeight })}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2"
    >
      <ul className="relative" style={{ height: lines.length * lineHeight }}>
        {lines.slice(first, last).map((line, index) => (
          <li key={line.id} className="absolute inset-x-0 h-7" style={{ top: (first + index) * lineHeight }}>
            {children(line)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Arrows walk from name to name. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const names = [...(event.currentTarget.closest("ul")?.querySelectorAll<HTMLElement>("[data-name]") ?? [])];
  const inOrder = names.toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  inOrder[inOrder.indexOf(event.currentTarget) + step]?.focus();
}

function LineBody({ line, ...props }: FieldListProps & { line: Line }) {
  if (line.kind === "title")
    return (
      <p className="flex h-7 items-end justify-between px-2 pb-0.5 text-xs font-medium text-text-3">
        {line.label}
        <span className="font-normal">{line.count}</span>
      </p>
    );
  if (line.kind === "measure") return <MeasureLine measure={line.measure} {...props} />;
  return props.view.shows === "rows" ? (
    <ColumnLine field={line.field} {...props} />
  ) : (
    <DimensionLine field={line.field} {...props} />
  );
}

function MeasureLine({ measure, view, prefetch, onChange }: FieldListProps & { measure: Measure }) {
  const name = measure.name as CostView["measures"][number];
  const place = view.measures.indexOf(name);
  return (
    <Row isChosen={place >= 0}>
      <input
        type="checkbox"
        aria-label={`Show ${measure.label} beside the others`}
        checked={place >= 0}
        onChange={() => onChange((now) => toggleMeasure(now, name))}
        className="ml-2 size-3.5 shrink-0 accent-[var(--accent)]"
      />
      <Name
        label={measure.label}
        title={`${measure.about} Click to show it alone.`}
        onClick={() => onChange((now) => onlyMeasure(now, name))}
        ahead={prefetch(() => onlyMeasure(view, name))}
      />
      {place === 0 && view.measures.length > 1 && (
        <span title="Drawn by the chart" className="pr-1.5 text-accent">
          <ChartColumn size={14} aria-label="Drawn by the chart" />
        </span>
      )}
      {place > 0 && (
        <Small
          label={`Draw ${measure.label} in the chart`}
          onClick={() => onChange((now) => leadMeasure(now, name))}
          ahead={prefetch(() => leadMeasure(view, name))}
        >
          <ChartColumn size={14} aria-hidden />
        </Small>
      )}
    </Row>
  );
}

function DimensionLine({ field, view, prefetch, onChange, onFilter }: FieldListProps & { field: Field }) {
  const level = view.groupBy.indexOf(field.name);
  return (
    <Row isChosen={level >= 0}>
      <Name
        label={field.label}
        title={level >= 0 ? `Level ${level + 1} of the table` : `Group by ${field.label}`}
        onClick={() => onChange((now) => toggleGroup(now, field.name, "only"))}
        ahead={prefetch(() => toggleGroup(view, field.name, "only"))}
      />
      {level >= 0 && (
        <span className="grid size-5 shrink-0 place-items-center rounded-sm bg-accent text-xs font-medium text-on-accent">
          <span className="sr-only">Level </span>
          {level + 1}
        </span>
      )}
      <Small
        label={level >= 0 ? `Do not group by ${field.label}` : `Split each group by ${field.label}`}
        isPressed={level >= 0}
        onClick={() => onChange((now) => toggleGroup(now, field.name, "inside"))}
      >
        <ListTree size={14} aria-hidden />
      </Small>
      <Small label={`Filter by ${field.label}`} onClick={() => onFilter(field.name)}>
        <Filter size={14} aria-hidden />
      </Small>
    </Row>
  );
}

function ColumnLine({ field, view, onChange, onFilter }: FieldListProps & { field: Field }) {
  const isShown = (view.rows.columns ?? defaultColumns).includes(field.name);
  return (
    <Row isChosen={isShown}>
      <Name
        label={field.label}
        title={isShown ? `Hide the column ${field.label}` : `Show the column ${field.label}`}
        isPressed={isShown}
        onClick={() => onChange((now) => toggleColumn(now, field.name))}
      />
      {isShown && <Columns3 size={14} aria-label="Shown" className="shrink-0 text-accent" />}
      <Small label={`Filter by ${field.label}`} onClick={() => onFilter(field.name)}>
        <Filter size={14} aria-hidden />
      </Small>
    </Row>
  );
}

function toggleColumn(view: CostView, name: string): CostView {
  const shown = view.rows.columns ?? defaultColumns;
  const columns = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
  return columns.length === 0 ? view : { ...view, rows: { ...view.rows, columns } };
}

function Row({ isChosen, children }: { isChosen: boolean; children: ReactNode }) {
  return (
    <div
      className={joinClasses(
        "group/field flex h-7 items-center gap-0.5 rounded-md pr-0.5 hover:bg-surface-3",
        isChosen && "bg-accent-soft text-accent",
      )}
    >
      {children}
    </div>
  );
}

interface NameProps {
  label: string;
  title: string;
  isPressed?: boolean;
  onClick: () => void;
  ahead?: ReturnType<Prefetch>;
}

function Name({ label, title, isPressed, onClick, ahead }: NameProps) {
  return (
    <button
      type="button"
      data-name
      title={title}
      aria-pressed={isPressed}
      onClick={onClick}
      onKeyDown={walk}
      {...ahead}
      className="h-7 min-w-0 flex-1 truncate rounded-md px-2 text-left text-sm"
      dir="auto"
    >
      {label}
    </button>
  );
}

/** Shown at the line that is pointed at or focused; where there is no pointer, always. */
function Small({
  label,
  isPressed,
  onClick,
  ahead,
  children,
}: {
  label: string;
  isPressed?: boolean;
  onClick: () => void;
  ahead?: ReturnType<Prefetch>;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      aria-pressed={isPressed}
      onClick={onClick}
      {...ahead}
      className="grid size-6 shrink-0 place-items-center rounded-sm text-text-2 opacity-0 group-focus-within/field:opacity-100 group-hover/field:opacity-100 hover:bg-surface-1 hover:text-text-1 focus-visible:opacity-100 pointer-coarse:opacity-100"
    >
      {children}
    </button>
  );
}
