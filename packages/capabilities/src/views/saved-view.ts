import { AppError } from "@finops/kernel/app-error";
import type { SavedView, Visibility } from "./contract.ts";

/** Who asks, as far as a view cares. */
export interface Reader {
  id: string;
  /** May share views with the company, and change those that are shared. */
  mayShare: boolean;
}

interface Owned {
  ownerId: string;
  visibility: Visibility;
}

/** A private view is its owner's alone: others are told that there is none. */
export function maySee(view: Owned, reader: Reader): boolean {
  return view.visibility === "company" || view.ownerId === reader.id;
}

/** What the company sees is changed by who may share; what nobody else sees, by its owner. */
export function mayChange(view: Owned, reader: Reader): boolean {
  return view.visibility === "company" ? reader.mayShare : view.ownerId === reader.id;
}

/** Throws `forbidden` where a change would touch, or make, something that the company sees. */
export function requireMayChange(view: Owned, reader: Reader, next: Visibility = view.visibility): void {
  if (!mayChange(view, reader))
    throw new AppError(
      "forbidden",
      'This view is shared with the company, and changing it needs the permission "views:write". Save it under another name, or ask an owner of your company.',
      { facts: { permission: "views:write" } },
    );
  if (next === "company" && !reader.mayShare)
    throw new AppError(
      "forbidden",
      'Sharing a view with the company needs the permission "views:write". Keep it private, or ask an owner of your company.',
      { facts: { permission: "views:write" } },
    );
  if (view.visibility === "company" && next === "private" && view.ownerId !== reader.id)
    throw new AppError(
      "forbidden",
      "Only who made a view can take it back from the company. Make a copy of it instead.",
    );
}

/** Throws `conflict` with who was faster, where a change was made on a version that is no longer the newest. */
export function requireVersion(
  view: Pick<SavedView, "version" | "changedBy" | "changedAt" | "name">,
  version: number,
): void {
  if (view.version === version) return;
  throw new AppError(
    "conflict",
    `${view.changedBy.name} changed "${view.name}" after you opened it. Load the new version, or save yours under another name.`,
    { facts: { version: view.version, changedBy: view.changedBy.name, changedAt: view.changedAt } },
  );
}

/** The name of a copy: `Spend by team (copy)`, and with a number where that is taken. */
export function copyName(name: string, taken: readonly string[]): string {
  const base = `${name.replace(/ \(copy(?: \d+)?\)$/, "").slice(0, 105)} (copy)`;
  if (!taken.includes(base)) return base;
  let count = 2;
  while (taken.includes(base.replace(/\)$/, ` ${count})`))) count += 1;
  return base.replace(/\)$/, ` ${count})`);
}
