export { onCallRoutes } from "./routes.ts";
export { findOnCall } from "./service.ts";
