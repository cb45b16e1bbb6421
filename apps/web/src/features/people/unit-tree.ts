import type { Unit } from "@finops/capabilities/people/contract";

/** A line of the organisation tree as it is shown. */
export interface UnitLine {
  unit: Unit;
  /** 1 is the top. */
  level: number;
  /** Its place among those beside it, from 1, and how many they are. */
  place: number;
  siblings: number;
  hasUnits: boolean;
  isOpen: boolean;
  /** Of the unit and all below it. */
  accountsBelow: number;
  peopleBelow: number;
}

/** The lines in sight, from the top down. With a text, those that have it in their name and all above them. */
export function listLines(units: readonly Unit[], isOpen: (unit: Unit) => boolean, find = ""): UnitLine[] {
  const tree = childrenOf(units);
  const wanted = find.trim().toLowerCase();
  const found = wanted === "" ? null : withAbove(units, (unit) => unit.name.toLowerCase().includes(wanted));
  const lines: UnitLine[] = [];
  const walk = (parentId: string | null, level: number) => {
    const here = (tree.get(parentId) ?? []).filter((unit) => found === null || found.has(unit.id));
    for (const [index, unit] of here.entries()) {
      const below = listBelow(tree, unit);
      const open = found !== null || isOpen(unit);
      lines.push({
        unit,
        level,
        place: index + 1,
        siblings: here.length,
        hasUnits: below.length > 1,
        isOpen: open && below.length > 1,
        accountsBelow: below.reduce((sum, one) => sum + one.accounts.length, 0),
        peopleBelow: below.reduce((sum, one) => sum + one.memberCount, 0),
      });
      if (open) walk(unit.id, level + 1);
    }
  };
  walk(null, 1);
  return lines;
}

/** Whether a unit can be put there: not where it is, and not below itself. */
export function canMove(units: readonly Unit[], id: string, parentId: string | null): boolean {
  const unit = units.find((one) => one.id === id);
  if (unit === undefined || unit.parentId === parentId) return false;
  return parentId === null || !listBelow(childrenOf(units), unit).some((one) => one.id === parentId);
}

/** Where one step with the keyboard puts it: below the unit before it, or beside the one that it is in. Null is nowhere. */
export function stepTo(units: readonly Unit[], id: string, way: "in" | "out"): { parentId: string | null } | null {
  const unit = units.find((one) => one.id === id);
  if (unit === undefined) return null;
  if (way === "out") {
    const above = units.find((one) => one.id === unit.parentId);
    return above === undefined ? null : { parentId: above.parentId };
  }
  const beside = childrenOf(units).get(unit.parentId) ?? [];
  const before = beside[beside.findIndex((one) => one.id === id) - 1];
  return before === undefined ? null : { parentId: before.id };
}

/** Units by the one above them, by name. A unit whose parent is not there stands at the top. */
function childrenOf(units: readonly Unit[]): Map<string | null, Unit[]> {
  const known = new Set(units.map((unit) => unit.id));
  const tree = new Map<string | null, Unit[]>();
  for (const unit of units.toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))) {
    const above = unit.parentId !== null && known.has(unit.parentId) ? unit.parentId : null;
    const beside = tree.get(above);
    if (beside === undefined) tree.set(above, [unit]);
    else beside.push(unit);
  }
  return tree;
}

function listBelow(tree: Map<string | null, Unit[]>, unit: Unit): Unit[] {
  return [unit, ...(tree.get(unit.id) ?? []).flatMap((one) => listBelow(tree, one))];
}

function withAbove(units: readonly Unit[], matches: (unit: Unit) => boolean): Set<string> {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const found = new Set<string>();
  for (const unit of units.filter(matches))
    for (let one: Unit | undefined = unit; one !== undefined && !found.has(one.id);) {
      found.add(one.id);
      one = one.parentId === null ? undefined : byId.get(one.parentId);
    }
  return found;
}
