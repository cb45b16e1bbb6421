export { importJob, reprocessJob } from "./jobs.ts";
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
