export { budgetChanges, budgetPolicies } from "./changes.ts";
export { askForDueBudgets, evaluateBudgetsJob } from "./jobs.ts";
export { budgetRoutes } from "./routes.ts";
