export { viewRoutes } from "./routes.ts";
export { getView, listSharedViews, listViews } from "./service.ts";
