import { AppError } from "@finops/kernel/app-error";
import type { Context } from "../tenancy/context.ts";
import { type Permission, permissionCatalog } from "./permissions.ts";

/** The first line of every service. @throws forbidden with the name of what is missing. */
export function requirePermission(
  ctx: Pick<Context, "permissions" | "actor"> & Partial<Pick<Context, "noteUse">>,
  permission: Permission,
): void {
  if (ctx.permissions.has(permission)) return ctx.noteUse?.(permission);
  throw new AppError(
    "forbidden",
    `You may not do this: it needs the permission "${permission}" (${permissionCatalog[permission].toLowerCase()}). Ask an owner of your company for it.`,
    { internal: `${ctx.actor.kind} ${ctx.actor.id} lacks ${permission}`, facts: { permission } },
  );
}
