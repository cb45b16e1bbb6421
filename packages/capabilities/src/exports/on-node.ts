export { createExporter, downloadExport, exportCosts, type ExportParts } from "./service.ts";
