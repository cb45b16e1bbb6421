export { accessOf } from "./access.ts";
export { costRoutes } from "./routes.ts";
export { getCostCatalog, queryCostRows, queryCosts } from "./service.ts";
