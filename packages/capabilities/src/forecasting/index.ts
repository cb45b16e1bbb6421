export type { DayCost } from "./cost-series.ts";
export { expectedMonthEnd } from "./expected-month-end.ts";
export { expectedPeriodEnd } from "./expected-period-end.ts";
export { forecastingRoutes } from "./routes.ts";
export { expectCost } from "./service.ts";
