export { budgetChanges, budgetPolicies } from "./change-service.ts";
export { askForDueBudgets, budgetsPool, evaluateBudgetsJob } from "./jobs.ts";
export { budgetRoutes } from "./routes.ts";
