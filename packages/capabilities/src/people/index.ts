export { accessRoutes } from "./access-routes.ts";
export { peopleChanges, peoplePolicies } from "./changes.ts";
export { readScope, requireMayGive } from "./delegation.ts";
export { lastingAccess } from "./lasting-access.ts";
export { requireAnotherOwner, requireWholeOwner } from "./members.ts";
export { findRole, permissionsOf, requireMayGiveRole } from "./roles.ts";
export { peopleRoutes } from "./routes.ts";
export { requireMayPlace } from "./unit-grants.ts";
export { findUnit } from "./units.ts";
