export { findSeenAlerts } from "./alert-service.ts";
export { chainsOfSchedule } from "./chain-service.ts";
export { attemptsMax, takenMs, waitMs } from "./delivery-service.ts";
export {
  askForDueAlerts,
  askForDueDeliveries,
  askForDueTelling,
  deliverAlertsJob,
  evaluateAlertsJob,
  tellAlertsJob,
} from "./jobs.ts";
export { alertsPool, deliveriesPool } from "./outbox-service.ts";
export type { ReportMessage } from "./report-message.ts";
export { alertRoutes } from "./routes.ts";
export { findReportChannel, sendReport } from "./send-report.ts";
export { actFromSlack, SlackAction } from "./slack-action-service.ts";
export { answerSlackCommand, SlackCommand } from "./slack-command-service.ts";
export { noteSlackRemoval, SlackEvent } from "./slack-event-service.ts";
export { findSlackInstall, finishSlackInstall, startSlackInstall } from "./slack-install-service.ts";
export { isSignedBySlack } from "./slack-signature.ts";
export { readKeptDays, sweepDeliveries } from "./sweep-deliveries.ts";
