import type { Unit } from "@finops/capabilities/people/contract";

/** `Engineering / Platform`: names from the top down; empty for no unit. */
export function unitPath(units: readonly Unit[], id: string | null): string {
  const names: string[] = [];
  for (let unit = units.find((one) => one.id === id); unit !== undefined && names.length < 50;) {
    names.unshift(unit.name);
    const { parentId } = unit;
    unit = units.find((one) => one.id === parentId);
  }
  return names.join(" / ");
}
