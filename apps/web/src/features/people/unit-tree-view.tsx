import {
  DndContext,
  type DragEndEvent,
  PointerSensor,
  pointerWithin,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import type { Unit } from "@finops/capabilities/people/contract";
import { joinClasses } from "@finops/ui/text/join-classes";
import { formatCount } from "@finops/ui/text/format-figure";
import { ChevronDown, ChevronRight, GripVertical } from "lucide-react";
import { type KeyboardEvent, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { silentDrag } from "../../lib/documents/silent-drag.ts";
import { unitKindWords } from "./unit-kinds.ts";
import { canMove, listLines, stepTo, type UnitLine } from "./unit-tree.ts";
import { unitPath } from "../../lib/unit-path.ts";

interface UnitTreeProps {
  units: readonly Unit[];
  find: string;
  openedId: string | null;
  mayMove: boolean;
  onOpen: (id: string) => void;
  onMove: (id: string, parentId: string | null) => void;
}

/** More units than this start folded. */
const unfoldedMax = 200;
const top = "top of the company";
// The same object at every drawing, or every line would get new handlers each time.
const pointerOptions = { activationConstraint: { distance: 4 } };

/**
 * The organisation as a tree. Arrows walk and fold; with Shift, right and left move a unit into the one before it and out of
 * the one that it is in. A unit is also drawn onto another by its grip.
 */
export function UnitTree({ units, find, openedId, mayMove, onOpen, onMove }: UnitTreeProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [activeId, setActiveId] = useState<string | null>(openedId);
  const [draggedId, setDraggedId] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const helpId = useId();
  const tree = useRef<HTMLDivElement>(null);
  const hasFocus = useRef(false);
  const sensors = useSensors(useSensor(PointerSensor, pointerOptions));
  const startsOpen = units.length <= unfoldedMax;
  const lines = useMemo(
    () => listLines(units, (unit) => startsOpen !== toggled.has(unit.id), find),
    [units, startsOpen, toggled, find],
  );
  const active = lines.find((line) => line.unit.id === activeId) ?? lines[0];
  const focus = (id: string | undefined) => {
    if (id === undefined) return;
    setActiveId(id);
    document.getElementById(lineId(id))?.focus();
  };
  // A line that moves in the tree is drawn anew, and would lose the keyboard on the way.
  useLayoutEffect(() => {
    if (hasFocus.current && activeId !== null && !tree.current?.contains(document.activeElement))
      document.getElementById(lineId(activeId))?.focus();
  }, [lines, activeId]);
  const toggle = (id: string) =>
    setToggled((old) => new Set(old.has(id) ? [...old].filter((one) => one !== id) : [...old, id]));
  const move = (id: string, parentId: string | null) => {
    if (!mayMove || !canMove(units, id, parentId)) return;
    const unit = units.find((one) => one.id === id)!;
    setSaid(`${unit.name} is in ${parentId === null ? "the company itself" : unitPath(units, parentId)}.`);
    // Where it went is open, so that it stays in sight.
    if (parentId !== null && !lines.some((line) => line.unit.id === parentId && line.isOpen)) {
      const isShut = startsOpen === toggled.has(parentId);
      if (isShut) toggle(parentId);
    }
    onMove(id, parentId);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (active === undefined) return;
    if (event.shiftKey && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      event.preventDefault();
      const step = stepTo(units, active.unit.id, event.key === "ArrowRight" ? "in" : "out");
      if (step !== null) move(active.unit.id, step.parentId);
      return;
    }
    const index = lines.indexOf(active);
    const go: Record<string, () => void> = {
      ArrowDown: () => focus(lines[index + 1]?.unit.id),
      ArrowUp: () => focus(lines[index - 1]?.unit.id),
      Home: () => focus(lines[0]?.unit.id),
      End: () => focus(lines.at(-1)?.unit.id),
      ArrowRight: () => (active.hasUnits && !active.isOpen ? toggle(active.unit.id) : focus(firstBelow(lines, index))),
      ArrowLeft: () => (active.isOpen ? toggle(active.unit.id) : focus(active.unit.parentId ?? undefined)),
      Enter: () => onOpen(active.unit.id),
    };
    const act = go[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const onDragEnd = ({ active: dragged, over }: DragEndEvent) => {
    setDraggedId(null);
    if (over !== null) move(String(dragged.id), over.id === top ? null : String(over.id));
  };
  if (lines.length === 0) return <p className="px-4 py-6 text-sm text-text-2">No unit has “{find}” in its name.</p>;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      accessibility={silentDrag}
      onDragStart={({ active: dragged }) => setDraggedId(String(dragged.id))}
      onDragCancel={() => setDraggedId(null)}
      onDragEnd={onDragEnd}
    >
      {draggedId !== null && canMove(units, draggedId, null) && <TopOfCompany />}
      <p id={helpId} hidden>
        Arrow keys walk and fold.{" "}
        {mayMove && "With Shift, right moves a unit into the one before it, left out of the one that it is in."}
      </p>
      <div
        ref={tree}
        role="tree"
        aria-label="Units"
        aria-describedby={helpId}
        onFocus={() => {
          hasFocus.current = true;
        }}
        onBlur={(event) => {
          // An element that is taken out of the page leaves without a next one.
          if (event.relatedTarget !== null) hasFocus.current = false;
        }}
        className="py-1"
      >
        {lines.map((line) => (
          <Line
            key={line.unit.id}
            line={line}
            isActive={line === active}
            isOpened={line.unit.id === openedId}
            mayMove={mayMove}
            mayTake={draggedId !== null && canMove(units, draggedId, line.unit.id)}
            onToggle={() => toggle(line.unit.id)}
            onFocus={() => setActiveId(line.unit.id)}
            onKeyDown={onKeyDown}
            onOpen={() => onOpen(line.unit.id)}
          />
        ))}
      </div>
      <span role="status" aria-label="Moved" className="sr-only">
        {said}
      </span>
    </DndContext>
  );
}

function lineId(unitId: string): string {
  return `unit-${unitId}`;
}

function firstBelow(lines: readonly UnitLine[], index: number): string | undefined {
  const [here, next] = [lines[index], lines[index + 1]];
  return here !== undefined && next !== undefined && next.level > here.level ? next.unit.id : undefined;
}

/** Where a unit is let go that is to be in no other one. */
function TopOfCompany() {
  const { setNodeRef, isOver } = useDroppable({ id: top });
  return (
    <div
      ref={setNodeRef}
      className={joinClasses(
        "mx-2 mt-2 rounded-md border border-dashed px-3 py-1.5 text-sm text-text-2",
        isOver ? "border-accent bg-accent-soft" : "border-line-strong",
      )}
    >
      Directly in the company
    </div>
  );
}

interface LineProps {
  line: UnitLine;
  isActive: boolean;
  isOpened: boolean;
  mayMove: boolean;
  /** Whether what is being drawn can be let go here. */
  mayTake: boolean;
  onToggle: () => void;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onOpen: () => void;
}

function Line({ line, isActive, isOpened, mayMove, mayTake, onToggle, onFocus, onKeyDown, onOpen }: LineProps) {
  const { unit, level, place, siblings, hasUnits, isOpen, accountsBelow, peopleBelow } = line;
  const { setNodeRef: setDropRef, isOver } = useDroppable({ id: unit.id, disabled: !mayMove });
  const {
    setNodeRef: setDragRef,
    listeners,
    transform,
    isDragging,
  } = useDraggable({ id: unit.id, disabled: !mayMove });
  const Fold = isOpen ? ChevronDown : ChevronRight;
  return (
    <div
      ref={setDropRef}
      id={lineId(unit.id)}
      role="treeitem"
      aria-label={`${unit.name}, ${unitKindWords[unit.kind]}, ${accountsBelow} accounts, ${peopleBelow} people`}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-selected={isOpened}
      {...(hasUnits ? { "aria-expanded": isOpen } : {})}
      tabIndex={isActive ? 0 : -1}
      onClick={onOpen}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      className={joinClasses(
        "group flex h-8 cursor-pointer items-center gap-2 pr-4 text-sm -outline-offset-2 hover:bg-surface-2",
        isOpened && "bg-surface-3",
        isOver && mayTake && "bg-accent-soft",
      )}
      style={{ paddingLeft: 12 + (level - 1) * 20 }}
    >
      <span
        aria-hidden
        onClick={(event) => {
          event.stopPropagation();
          if (hasUnits) onToggle();
        }}
        className="grid size-6 shrink-0 place-items-center text-text-3"
      >
        {hasUnits && <Fold size={14} />}
      </span>
      <span
        ref={setDragRef}
        className={joinClasses("flex min-w-0 flex-1 items-center gap-2", isDragging && "z-10 opacity-80")}
        style={
          transform === null
            ? undefined
            : { transform: `translate3d(${Math.round(transform.x)}px, ${Math.round(transform.y)}px, 0)` }
        }
      >
        {mayMove && (
          <span
            aria-hidden
            title="Draw it onto another unit"
            {...listeners}
            onClick={(event) => event.stopPropagation()}
            className="grid size-5 shrink-0 cursor-grab touch-none place-items-center text-text-3 opacity-0 group-hover:opacity-100 group-focus:opacity-100 max-md:hidden"
          >
            <GripVertical size={14} />
          </span>
        )}
        <span className="min-w-0 truncate font-medium" dir="auto">
          {unit.name}
        </span>
        <span className="shrink-0 text-xs text-text-2 max-sm:hidden">{unitKindWords[unit.kind]}</span>
      </span>
      <span className="w-24 shrink-0 text-right text-xs text-text-2 tabular-nums max-sm:w-20">
        {accountsBelow === 0 ? "–" : `${formatCount(accountsBelow)} ${accountsBelow === 1 ? "account" : "accounts"}`}
      </span>
      <span className="w-20 shrink-0 text-right text-xs text-text-2 tabular-nums max-sm:hidden">
        {peopleBelow === 0 ? "–" : `${formatCount(peopleBelow)} ${peopleBelow === 1 ? "person" : "people"}`}
      </span>
    </div>
  );
}
