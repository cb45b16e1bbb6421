export { expectedMonthEnd } from "./expected-month-end.ts";
export { forecastingRoutes } from "./routes.ts";
export { expectCost } from "./service.ts";
