export { reportRoutes } from "./routes.ts";
export { getReport, getReportRun, runReport } from "./service.ts";
export { tellReport } from "./tell-report.ts";
