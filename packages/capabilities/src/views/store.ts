import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Actor } from "@finops/platform/tenancy/context";
import type { CostView, Visibility } from "./contract.ts";

/** Rows of saved views. Every function sees one company's rows, by the transaction that it is given. */

export interface ViewDraft {
  name: string;
  description: string;
  view: CostView;
  visibility: Visibility;
}

/** A stored view with what the reader wants of it. */
export type ViewRow = NonNullable<Awaited<ReturnType<typeof findView>>>;

export async function findView(tx: Tx, id: string, personId: string) {
  return tx.savedView.findFirst({
    where: { id, deletedAt: null },
    include: { preferences: { where: { personId } } },
  });
}

/** What the company shares and what is the person's own, by name. */
export async function listViewRows(tx: Tx, personId: string, limit: number): Promise<ViewRow[]> {
  return tx.savedView.findMany({
    where: { deletedAt: null, OR: [{ visibility: "company" }, { ownerId: personId }] },
    include: { preferences: { where: { personId } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: limit,
  });
}

export async function countViews(tx: Tx): Promise<number> {
  return tx.savedView.count({ where: { deletedAt: null } });
}

export async function insertView(tx: Tx, draft: ViewDraft, actor: Actor, now: Date): Promise<string> {
  const { id } = await tx.savedView.create({
    data: {
      ...columnsOf(draft),
      ownerId: actor.id,
      ownerName: actor.name,
      changedById: actor.id,
      changedByName: actor.name,
      createdAt: now,
      changedAt: now,
    },
  });
  await keepVersion(tx, id, 1, draft, actor, now);
  return id;
}

/** False when somebody changed or deleted the view since that version: then nothing is changed. */
export async function updateView(
  tx: Tx,
  id: string,
  version: number,
  draft: ViewDraft,
  actor: Actor,
  now: Date,
): Promise<boolean> {
  const { count } = await tx.savedView.updateMany({
    where: { id, version, deletedAt: null },
    data: {
      ...columnsOf(draft),
      version: version + 1,
      changedById: actor.id,
      changedByName: actor.name,
      changedAt: now,
    },
  });
  if (count === 0) return false;
  await keepVersion(tx, id, version + 1, draft, actor, now);
  return true;
}

export async function deleteViewRow(tx: Tx, id: string, version: number, now: Date): Promise<boolean> {
  const { count } = await tx.savedView.updateMany({
    where: { id, version, deletedAt: null },
    data: { deletedAt: now },
  });
  if (count > 0) await tx.viewPreference.deleteMany({ where: { viewId: id } });
  return count > 0;
}

export async function listVersionRows(tx: Tx, viewId: string) {
  return tx.savedViewVersion.findMany({ where: { viewId }, orderBy: { version: "desc" }, take: 200 });
}

export async function setPreference(
  tx: Tx,
  viewId: string,
  personId: string,
  preference: { isPinned?: boolean | undefined; isDefault?: boolean | undefined },
): Promise<void> {
  // One view opens with the explorer: another one gives way.
  if (preference.isDefault === true)
    await tx.viewPreference.updateMany({ where: { personId, isDefault: true }, data: { isDefault: false } });
  const wanted = {
    ...(preference.isPinned === undefined ? {} : { isPinned: preference.isPinned }),
    ...(preference.isDefault === undefined ? {} : { isDefault: preference.isDefault }),
  };
  const { count } = await tx.viewPreference.updateMany({ where: { viewId, personId }, data: wanted });
  if (count === 0) await tx.viewPreference.create({ data: { viewId, personId, ...wanted } });
}

async function keepVersion(tx: Tx, viewId: string, version: number, draft: ViewDraft, actor: Actor, now: Date) {
  await tx.savedViewVersion.create({
    data: {
      viewId,
      version,
      ...columnsOf(draft),
      changedById: actor.id,
      changedByName: actor.name,
      changedAt: now,
    },
  });
}

function columnsOf({ name, description, view, visibility }: ViewDraft) {
  return { name, description, view: toJsonColumn(view), visibility };
}
