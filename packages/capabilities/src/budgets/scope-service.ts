import { unitFilter } from "@finops/platform/access/effective-access";
import { requirePermission } from "@finops/platform/access/require-permission";
import { AppError } from "@finops/kernel/app-error";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { listUnitTree } from "../people/index.ts";
import { listSharedViews } from "../views/index.ts";
import { BudgetDefinition, type BudgetScope, type KeptScope } from "./contract.ts";
import { keepFollowed } from "./followed-service.ts";
import { type FindScope, hasMoved, resolveScope } from "./scope.ts";
import { listScopedRows, lockBudgets } from "./store.ts";

/** What units and views say now, as far as some scopes name them: at most two questions, and none where nothing is named. */
export async function readScopes(tx: Tx, scopes: readonly (BudgetScope | KeptScope)[]): Promise<FindScope> {
  const idsOf = (kind: "unit" | "view") => [
    ...new Set(scopes.flatMap((scope) => (scope.kind === kind ? [scope.id] : []))),
  ];
  const [unitIds, viewIds] = [idsOf("unit"), idsOf("view")];
  const tree = unitIds.length === 0 ? [] : await listUnitTree(tx);
  const views = viewIds.length === 0 ? [] : await listSharedViews(tx, viewIds);
  // What units say is written as CostFilter; the access of people reads it so as well.
  const costsOf = (id: string) => unitFilter(id, tree) as unknown as CostFilter;
  const units = tree.filter(({ id }) => unitIds.includes(id));
  const found = {
    unit: new Map(units.map(({ id, name }) => [id, { name, filter: costsOf(id) }])),
    view: new Map(views.map(({ id, name, view }) => [id, { name, filter: view.filter ?? null }])),
  };
  return (scope) => (scope.kind === "filter" ? null : (found[scope.kind].get(scope.id) ?? null));
}

/** What stored definitions name, before they are read whole. */
export function readScopesOf(tx: Tx, rows: readonly { definition: unknown }[]): Promise<FindScope> {
  const scopes = rows.flatMap(({ definition }) => (definition as { scope?: KeptScope }).scope ?? []);
  return readScopes(tx, scopes);
}

/**
 * A wished scope with the costs that it says now. One that is gone stays as the budget has it already.
 * @throws invalid for a unit or a shared view that there is not, forbidden for who may not see units
 */
export async function findWishedScope(
  tx: Tx,
  ctx: Context,
  wished: { filter: CostFilter | null; scope: BudgetScope },
  before: Pick<BudgetDefinition, "filter" | "scope"> | null,
): Promise<Pick<BudgetDefinition, "filter" | "scope">> {
  const { scope, filter } = wished;
  if (scope.kind === "filter") return { filter, scope };
  const isKept = before !== null && before.scope.kind === scope.kind && before.scope.id === scope.id;
  if (scope.kind === "unit" && !isKept) requirePermission(ctx, "members:read");
  const found = (await readScopes(tx, [scope]))(scope);
  if (found !== null) return { filter: found.filter, scope: { ...scope, name: found.name } };
  if (isKept) return { filter: before.filter, scope: before.scope };
  throw new AppError(
    "invalid",
    scope.kind === "unit"
      ? "scope: The company has no such unit."
      : "scope: There is no such view that is shared with the company. Share it first, so that all who see the budget see what it is about.",
  );
}

/** Budgets of units and views that changed are about other costs from now on, which is a version of theirs. */
export async function followScopes(tx: Tx, ctx: Context): Promise<void> {
  await lockBudgets(tx, ctx.tenantId);
  const rows = await listScopedRows(tx);
  const find = await readScopesOf(tx, rows);
  for (const row of rows) {
    const before = BudgetDefinition.parse(row.definition);
    const definition = resolveScope(before, find);
    const { scope } = definition;
    if (scope.kind === "filter" || !hasMoved(before, definition)) continue;
    await keepFollowed(tx, ctx, row, {
      before,
      now: definition,
      why: `The ${scope.kind} ${scope.name} was changed, and the budget follows it.`,
      part: ({ filter, scope }) => ({ filter, scope }),
    });
  }
}
