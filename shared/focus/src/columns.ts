import type { FocusColumn, FocusVersion } from "./column.ts";
import { focusVersions } from "./column.ts";
import { columns12 } from "./columns-1-2.ts";
import { columns13And14 } from "./columns-1-3-1-4.ts";

export type FocusColumnId = (typeof columns12 | typeof columns13And14)[number]["id"];

/** A column with its id narrowed to the known ones. */
export type KnownFocusColumn = FocusColumn & { readonly id: FocusColumnId };

/** Every column of Cost and Usage that is stored, in stored order: 1.2's 57, then what 1.3 and 1.4 add. */
export const focusColumns: readonly KnownFocusColumn[] = [...columns12, ...columns13And14];

const byId: ReadonlyMap<string, KnownFocusColumn> = new Map(focusColumns.map((column) => [column.id, column]));

/** The column of that exact name, or null. FOCUS names are case-sensitive. */
export function findFocusColumn(id: string): KnownFocusColumn | null {
  return byId.get(id) ?? null;
}

export function isFocusColumnId(id: string): id is FocusColumnId {
  return byId.has(id);
}

/** The columns of Cost and Usage as that version has them: 43, 50, 57, 65 and 65. */
export function columnsOfVersion(version: FocusVersion): readonly KnownFocusColumn[] {
  return focusColumns.filter((column) => isInVersion(column, version));
}

/** Whether a version has the column: from the version that added it to the one before its removal. */
export function isInVersion(column: FocusColumn, version: FocusVersion): boolean {
  const at = focusVersions.indexOf(version);
  const removed = column.removedIn === undefined ? Infinity : focusVersions.indexOf(column.removedIn);
  return focusVersions.indexOf(column.since) <= at && at < removed;
}
