export { viewRoutes } from "./routes.ts";
export { getView, listViews } from "./service.ts";
