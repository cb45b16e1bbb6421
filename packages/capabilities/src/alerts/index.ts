export { alertsPool, askForDueAlerts, askForDueDeliveries, deliverAlertsJob, evaluateAlertsJob } from "./jobs.ts";
export { deliveriesPool } from "./outbox.ts";
export { alertRoutes } from "./routes.ts";
