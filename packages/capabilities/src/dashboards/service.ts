import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import { createDocumentStore, type Kept } from "@finops/platform/documents/document-store";
import type { DocumentRestore } from "@finops/platform/documents/sharing";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import {
  type Dashboard,
  type DashboardAsOf,
  DashboardChange,
  DashboardInput,
  type DashboardSummary,
  type DashboardVersion,
  Tiles,
} from "./contract.ts";
import { placeTiles } from "./place-tiles.ts";
import { dashboardTemplates, findTemplate } from "./templates.ts";

const Content = z.object({ tiles: Tiles });
const dashboards = createDocumentStore("dashboard", Content);

/** The dashboards that the person may see, by name. */
export async function listDashboards(ctx: Context): Promise<DashboardSummary[]> {
  requirePermission(ctx, "costs:read");
  const kept = await ctx.inTenant((tx) => dashboards.list(tx, ctx));
  return kept.map(({ content, ...head }) => ({ ...head, tileCount: content.tiles.length }));
}

export async function getDashboard(ctx: Context, id: string): Promise<Dashboard> {
  requirePermission(ctx, "costs:read");
  return toDashboard(await ctx.inTenant((tx) => dashboards.get(tx, ctx, id)));
}

/** Everybody who sees costs may make dashboards of their own; sharing them takes `views:write`. */
export async function createDashboard(ctx: Context, input: unknown): Promise<Dashboard> {
  requirePermission(ctx, "costs:read");
  const { name, description, template: key, tiles, sharing } = DashboardInput.parse(input);
  const template = key === undefined ? null : findTemplate(key);
  if (key !== undefined && template === null)
    throw new AppError(
      "invalid",
      `There is no template "${key}". There are ${dashboardTemplates.map((one) => one.key).join(", ")}.`,
    );
  const content = { tiles: placeTiles(tiles ?? template?.tiles ?? []) };
  const draft = { name: name ?? template?.name ?? "New dashboard", description, sharing, content };
  return toDashboard(await ctx.inTenant((tx) => dashboards.insert(tx, ctx, draft)));
}

export async function changeDashboard(ctx: Context, id: string, input: unknown): Promise<Dashboard> {
  requirePermission(ctx, "costs:read");
  const { tiles, ...change } = DashboardChange.parse(input);
  const content = tiles === undefined ? {} : { content: { tiles: placeTiles(tiles) } };
  return toDashboard(await ctx.inTenant((tx) => dashboards.change(tx, ctx, id, { ...given(change), ...content })));
}

export async function deleteDashboard(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "costs:read");
  await ctx.inTenant((tx) => dashboards.remove(tx, ctx, id));
}

export async function listDashboardVersions(ctx: Context, id: string): Promise<DashboardVersion[]> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant((tx) => dashboards.listVersions(tx, ctx, id));
}

export async function getDashboardVersion(ctx: Context, id: string, version: number): Promise<DashboardAsOf> {
  requirePermission(ctx, "costs:read");
  const { name, description, content } = await ctx.inTenant((tx) => dashboards.getVersion(tx, ctx, id, version));
  return { version, name, description, tiles: content.tiles };
}

/** Makes an earlier version the newest. */
export async function restoreDashboard(ctx: Context, id: string, restore: DocumentRestore): Promise<Dashboard> {
  requirePermission(ctx, "costs:read");
  return toDashboard(await ctx.inTenant((tx) => dashboards.restore(tx, ctx, id, restore)));
}

function toDashboard({ content, ...head }: Kept<z.infer<typeof Content>>): Dashboard {
  return { ...head, tiles: content.tiles };
}

/** Fields that a change leaves out stay as they are. */
function given<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never;
}
