export { listMissingQuantities } from "./missing-service.ts";
export { unitMetricRoutes } from "./routes.ts";
export { type FollowedMetric, listFollowedMetrics } from "./service.ts";
