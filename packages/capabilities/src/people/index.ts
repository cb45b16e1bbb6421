export { accessRoutes } from "./access-routes.ts";
export { peopleChanges, peoplePolicies } from "./changes.ts";
export { requireAnotherOwner } from "./members.ts";
export { requireMayGiveRole } from "./roles.ts";
export { peopleRoutes } from "./routes.ts";
