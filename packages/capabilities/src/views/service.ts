import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import {
  type CostView,
  repairView,
  type SavedView,
  SavedViewChange,
  SavedViewInput,
  type SavedViewVersion,
  ViewPreference,
  type Visibility,
} from "./contract.ts";
import { copyName, mayChange, maySee, type Reader, requireMayChange, requireVersion } from "./saved-view.ts";
import {
  countViews,
  deleteViewRow,
  findView,
  insertView,
  listVersionRows,
  listViewRows,
  setPreference,
  updateView as updateViewRow,
  type ViewDraft,
  type ViewRow,
} from "./store.ts";

/** Of one company, shared and private ones together. */
const viewsMax = 5000;

export async function listViews(ctx: Context): Promise<SavedView[]> {
  requirePermission(ctx, "costs:read");
  const rows = await ctx.inTenant((tx) => listViewRows(tx, ctx.actor.id, viewsMax));
  return rows.map((row) => toSavedView(row, readerOf(ctx)));
}

/** Those of some views that the company shares, for what is about the same costs. */
export async function listSharedViews(
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; name: string; view: CostView }[]> {
  const rows = await tx.savedView.findMany({
    where: { id: { in: ids.filter(isId) }, deletedAt: null, visibility: "company" },
  });
  return rows.map(({ id, name, view }) => ({ id, name, view: repairView(view) }));
}

export async function getView(ctx: Context, id: string): Promise<SavedView> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant((tx) => requireView(tx, ctx, id));
}

/** Keeps a view. Anybody who sees costs keeps their own; sharing it needs `views:write`. */
export async function createView(ctx: Context, input: unknown): Promise<SavedView> {
  requirePermission(ctx, "costs:read");
  const draft = SavedViewInput.parse(input);
  return ctx.inTenant((tx) => keepNew(tx, ctx, draft));
}

/**
 * Changes what is given: a new name, another state, who sees it.
 * @throws conflict with who was faster when the view is no longer at the version that the change was made on
 */
export async function updateView(ctx: Context, id: string, input: unknown): Promise<SavedView> {
  requirePermission(ctx, "costs:read");
  const { version, ...change } = SavedViewChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const before = await requireView(tx, ctx, id);
    requireMayChange(ownedOf(before), readerOf(ctx), change.visibility);
    requireVersion(before, version);
    const draft: ViewDraft = {
      name: change.name ?? before.name,
      description: change.description ?? before.description,
      view: change.view ?? before.view,
      visibility: change.visibility ?? before.visibility,
    };
    if (!(await updateViewRow(tx, id, version, draft, ctx.actor, ctx.host.clock.now()))) throw overtaken();
    const after = await requireView(tx, ctx, id);
    await audit(tx, ctx, "view.changed", { before: toJsonColumn(before), after: toJsonColumn(after) });
    return after;
  });
}

/** A private copy, whoever made the view. */
export async function duplicateView(ctx: Context, id: string): Promise<SavedView> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    const { name, description, view } = await requireView(tx, ctx, id);
    const own = (await listViewRows(tx, ctx.actor.id, viewsMax)).map((row) => row.name);
    return keepNew(tx, ctx, { name: copyName(name, own), description, view, visibility: "private" });
  });
}

/** Takes a view out of sight. What it was stays in its versions and in the audit. */
export async function deleteView(ctx: Context, id: string, version: number): Promise<void> {
  requirePermission(ctx, "costs:read");
  await ctx.inTenant(async (tx) => {
    const before = await requireView(tx, ctx, id);
    requireMayChange(ownedOf(before), readerOf(ctx));
    requireVersion(before, version);
    if (!(await deleteViewRow(tx, id, version, ctx.host.clock.now()))) throw overtaken();
    await audit(tx, ctx, "view.deleted", { before: toJsonColumn(before) });
  });
}

/** What a view was, newest first. */
export async function listViewVersions(ctx: Context, id: string): Promise<SavedViewVersion[]> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    await requireView(tx, ctx, id);
    return (await listVersionRows(tx, id)).map((row) => ({
      version: row.version,
      name: row.name,
      description: row.description,
      view: repairView(row.view),
      visibility: row.visibility as Visibility,
      changedBy: { id: row.changedById, name: row.changedByName },
      changedAt: row.changedAt.toISOString(),
    }));
  });
}

/** Pins a view to one's own rail, or opens the explorer with it. It changes nothing for others, so it is not audited. */
export async function setViewPreference(ctx: Context, id: string, input: unknown): Promise<SavedView> {
  requirePermission(ctx, "costs:read");
  const preference = ViewPreference.parse(input);
  return ctx.inTenant(async (tx) => {
    await requireView(tx, ctx, id);
    await setPreference(tx, id, ctx.actor.id, preference);
    return requireView(tx, ctx, id);
  });
}

async function keepNew(tx: Tx, ctx: Context, draft: ViewDraft): Promise<SavedView> {
  requireMayChange({ ownerId: ctx.actor.id, visibility: "private" }, readerOf(ctx), draft.visibility);
  if ((await countViews(tx)) >= viewsMax)
    throw new AppError("limit", `A company keeps at most ${viewsMax} views. Delete some that nobody uses.`);
  const id = await insertView(tx, draft, ctx.actor, ctx.host.clock.now());
  const after = await requireView(tx, ctx, id);
  await audit(tx, ctx, "view.created", { after: toJsonColumn(after) });
  return after;
}

async function requireView(tx: Tx, ctx: Context, id: string): Promise<SavedView> {
  const row = isId(id) ? await findView(tx, id, ctx.actor.id) : null;
  if (row === null || !maySee({ ...row, visibility: row.visibility as Visibility }, readerOf(ctx)))
    throw new AppError("not_found", "There is no such view. It was deleted, or is somebody else's private one.");
  return toSavedView(row, readerOf(ctx));
}

function toSavedView(row: ViewRow, reader: Reader): SavedView {
  const visibility = row.visibility as Visibility;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    view: repairView(row.view),
    visibility,
    version: row.version,
    owner: { id: row.ownerId, name: row.ownerName },
    changedBy: { id: row.changedById, name: row.changedByName },
    createdAt: row.createdAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
    isPinned: row.preferences[0]?.isPinned ?? false,
    isDefault: row.preferences[0]?.isDefault ?? false,
    mayChange: mayChange({ ownerId: row.ownerId, visibility }, reader),
  };
}

function ownedOf(view: SavedView) {
  return { ownerId: view.owner.id, visibility: view.visibility };
}

function readerOf(ctx: Context): Reader {
  return { id: ctx.actor.id, mayShare: ctx.permissions.has("views:write") };
}

/** Two changes of the same version at the same moment: the second finds the row moved on. */
function overtaken(): AppError {
  return new AppError(
    "conflict",
    "Somebody changed this view at the same moment. Load it again, and repeat your change.",
  );
}
