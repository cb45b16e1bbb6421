export { budgetChanges, budgetPolicies } from "./change-service.ts";
export { askOf } from "./evaluation-service.ts";
export { askForDueBudgets, budgetsPool, evaluateBudgetsJob } from "./jobs.ts";
export { type Ask, rowsOf } from "./read-costs.ts";
export { budgetRoutes } from "./routes.ts";
export { listKept as listBudgets, readMoment } from "./store.ts";
export { listToldStandings, readStandingsOn } from "./told-standings-service.ts";
