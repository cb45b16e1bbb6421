export { unitMetricRoutes } from "./routes.ts";
export { type FollowedMetric, listFollowedMetrics } from "./service.ts";
