export { alertsPool, askForDueAlerts, askForDueDeliveries, deliverAlertsJob, evaluateAlertsJob } from "./jobs.ts";
export { deliveriesPool } from "./outbox-service.ts";
export { alertRoutes } from "./routes.ts";
