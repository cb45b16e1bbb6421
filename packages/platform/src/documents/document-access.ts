import { AppError } from "@finops/kernel/app-error";
import { currentRoleKey } from "../access/permissions.ts";
import type { DocumentHead, Sharing } from "./sharing.ts";

/** Who asks, as far as a document cares. */
export interface Reader {
  id: string;
  /** The role that the person has in the company; null for keys and the platform itself. */
  role: string | null;
  /** May share documents, and change those that are shared. */
  mayShare: boolean;
}

interface Owned {
  ownerId: string;
  sharing: Sharing;
}

/** What nobody was given is its owner's alone: others are told that there is none. */
export function maySee({ ownerId, sharing }: Owned, reader: Reader): boolean {
  if (ownerId === reader.id || sharing.with === "company") return true;
  return (
    sharing.with === "roles" &&
    reader.role !== null &&
    sharing.roles.some((role) => currentRoleKey(role) === reader.role)
  );
}

/** A shared document is changed by its owner and by those of its readers who may share; any other by its owner. */
export function mayChange(document: Owned, reader: Reader): boolean {
  return document.ownerId === reader.id || (reader.mayShare && maySee(document, reader));
}

/** Throws `forbidden` where a change would touch, or make, something that others see without the right to. */
export function requireMayChange(document: Owned, reader: Reader, next: Sharing = document.sharing): void {
  const facts = { permission: "views:write" };
  if (!mayChange(document, reader))
    throw new AppError(
      "forbidden",
      'Changing what others share needs the permission "views:write". Make a copy of it, or ask an owner of your company.',
      { facts },
    );
  const isSharedAnew = JSON.stringify(next) !== JSON.stringify(document.sharing) && next.with !== "nobody";
  if (isSharedAnew && !reader.mayShare)
    throw new AppError(
      "forbidden",
      'Sharing with others needs the permission "views:write". Keep it to yourself, or ask an owner of your company.',
      { facts },
    );
}

/** Throws `conflict` with who was faster, where a change was made on a version that is no longer the newest. */
export function requireVersion(
  document: Pick<DocumentHead, "version" | "changedBy" | "changedAt" | "name">,
  version: number,
): void {
  if (document.version === version) return;
  throw new AppError(
    "conflict",
    `${document.changedBy.name} changed "${document.name}" after you opened it. Load the new version, or keep yours as a copy.`,
    { facts: { version: document.version, changedBy: document.changedBy.name, changedAt: document.changedAt } },
  );
}
