export { readScope, requireMayGive } from "./delegation.ts";
export { lastingAccess } from "./lasting-access.ts";
export { findRole, permissionsOf } from "./roles.ts";
export { peopleRoutes } from "./routes.ts";
