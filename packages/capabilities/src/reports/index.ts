export { reportRoutes } from "./routes.ts";
export { runReport } from "./service.ts";
