import type { ChangeKind, PolicyInfo } from "@finops/platform/approvals/change-kind";
import * as z from "zod";
import { type Budget, BudgetChange, BudgetInput, NewBudgets } from "./contract.ts";
import { changeBudget, createBudget, createBudgets, deleteBudget, getBudget } from "./service.ts";

/** What of budgets a company can have approved. */
export const budgetPolicies: readonly PolicyInfo[] = [
  { key: "budgets", about: "Make, change and delete budgets: what may be spent" },
];

export const newBudgetsChange: ChangeKind<NewBudgets, Budget[]> = {
  key: "budget.create-many",
  policy: "budgets",
  payload: NewBudgets,
  apply: async (ctx, payload) => ({ result: await createBudgets(ctx, payload) }),
  describe: (budgets) => {
    const names = budgets.slice(0, 5).map(({ name }) => `"${name}"`);
    const more = budgets.length > names.length ? ` and ${budgets.length - names.length} more` : "";
    return `Make ${budgets.length === 1 ? "the budget" : `${budgets.length} budgets:`} ${names.join(", ")}${more}.`;
  },
};

const Id = z.string().max(60);

export const newBudgetChange: ChangeKind<z.output<typeof BudgetInput>, Budget> = {
  key: "budget.create",
  policy: "budgets",
  payload: BudgetInput,
  apply: async (ctx, payload) => ({ result: await createBudget(ctx, payload) }),
  describe: (budget) => `Make the budget "${budget.name}": ${told(budget)}.`,
};

const ChangeInput = z.strictObject({ budget: Id, change: BudgetChange });
export const budgetChange: ChangeKind<z.output<typeof ChangeInput>, Budget> = {
  key: "budget.change",
  policy: "budgets",
  payload: ChangeInput,
  before: (ctx, { budget }) => getBudget(ctx, budget),
  apply: async (ctx, { budget, change }) => ({ result: await changeBudget(ctx, budget, change) }),
  describe: (budget, { change }) => `Change the budget "${budget.name}": ${told(budget)}. Why: ${change.reason}`,
};

const DeletionInput = z.strictObject({ budget: Id, version: z.int().min(1) });
export const budgetDeletion: ChangeKind<z.output<typeof DeletionInput>, Budget> = {
  key: "budget.delete",
  policy: "budgets",
  payload: DeletionInput,
  before: (ctx, { budget }) => getBudget(ctx, budget),
  apply: async (ctx, { budget, version }) => ({ result: await deleteBudget(ctx, budget, version) }),
  describe: ({ name }) => `Delete the budget "${name}".`,
};

export const budgetChanges = [newBudgetChange, newBudgetsChange, budgetChange, budgetDeletion] as const;

function told({ amount, currency, periods }: Budget): string {
  const of = periods.grain === "custom" ? `from ${periods.start} to before ${periods.end}` : `a ${periods.grain}`;
  if (amount.kind === "children") return `what the budgets below it come to, ${of}`;
  if (amount.kind === "plan") return `a plan of ${amount.amounts.length} amounts in ${currency}, ${of}`;
  if (amount.kind === "unit")
    return `${amount.price} ${currency} for each ${amount.metric.unitOne} of the unit metric ${amount.metric.name}, ${of}`;
  const growth = amount.kind === "growing" ? `, growing by ${amount.percent} %` : "";
  return `${amount.amount} ${currency} ${of}${growth}`;
}
