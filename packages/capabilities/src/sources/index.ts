export type { BillReader } from "./bill-reader.ts";
export { listIncompleteBills } from "./completeness-service.ts";
export { sourceRoutes } from "./routes.ts";
export {
  cancelImport,
  getImport,
  listDatasets,
  listImports,
  rollBackPeriod,
  sourceChanges,
  sourcePolicies,
  startImport,
} from "./service.ts";
export { addImportFile, openImport, removeLeftUploads } from "./uploads.ts";
