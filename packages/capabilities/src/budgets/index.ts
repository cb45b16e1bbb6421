export { budgetChanges, budgetPolicies } from "./change-service.ts";
export { askForDueBudgets, evaluateBudgetsJob } from "./jobs.ts";
export { budgetRoutes } from "./routes.ts";
