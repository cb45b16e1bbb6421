export { importJob, reprocessJob } from "./jobs.ts";
export { sourceRoutes } from "./routes.ts";
export {
  addImportFile,
  cancelImport,
  getImport,
  listDatasets,
  listImports,
  openImport,
  rollBackPeriod,
  startImport,
} from "./service.ts";
