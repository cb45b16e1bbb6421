export { auditRoutes } from "./routes.ts";
export { exportAudit, sealAudit, verifyAudit } from "./service.ts";
