import { AppError } from "@finops/kernel/app-error";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { accessOf } from "../costs/index.ts";
import { BudgetDefinition } from "./contract.ts";
import { type FindScope, isPartOf, type Scoped } from "./scope.ts";
import { readScopesOf } from "./scope-service.ts";
import { findBudgets, type StandingBudgetRow } from "./store.ts";

/** A budget with what its scope says now. */
export type FoundBudget = StandingBudgetRow & { find: FindScope };

/** Without those that there are not, or of costs that the person may not see. */
export async function findSeenBudgets(tx: Tx, ctx: Context, ids: readonly string[]): Promise<FoundBudget[]> {
  const rows = await findBudgets(tx, ids);
  const find = await readScopesOf(tx, rows);
  return rows.map((row) => ({ ...row, find })).filter((row) => maySee(ctx, row));
}

/** Throws `not_found` for the same. */
export async function requireBudget(tx: Tx, ctx: Context, id: string): Promise<FoundBudget> {
  const [found] = await findSeenBudgets(tx, ctx, [id]);
  if (found === undefined) throw new AppError("not_found", "There is no such budget.");
  return found;
}

/** Whether the person may see all the costs that a budget is about. */
export function maySee(ctx: Context, { definition, find }: { definition: unknown; find: FindScope }): boolean {
  const part = accessOf(ctx).rowFilter ?? null;
  return part === null || isPartOf(BudgetDefinition.parse(definition), find, part);
}

export function mayWrite(ctx: Context, definition: Scoped, find: FindScope): boolean {
  return (
    ctx.permissions.has("budgets:write") &&
    isPartOf(definition, find, accessOf(ctx, ["budgets:write"]).rowFilter ?? null)
  );
}
