export { exportRoutes } from "./routes.ts";
export { downloadExport, exportCosts, type ExportParts } from "./service.ts";
