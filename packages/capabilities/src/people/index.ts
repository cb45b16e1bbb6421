export { accessRoutes } from "./access-routes.ts";
export { peopleChanges, peoplePolicies } from "./changes.ts";
export { peopleRoutes } from "./routes.ts";
