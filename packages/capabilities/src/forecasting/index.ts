export { addUp, costsBefore, type DailyCosts, type SeriesCosts, toDailyCosts, within } from "./daily-costs.ts";
export { expectedMonthEnd } from "./expected-month-end.ts";
export { type ExpectedPeriodEnd, expectedPeriodEnd } from "./expected-period-end.ts";
export { forecastingRoutes } from "./routes.ts";
export { expectCost } from "./service.ts";
