export { auditRoutes } from "./routes.ts";
export { sealAudit, verifyAudit } from "./service.ts";
