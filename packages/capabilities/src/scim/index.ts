export { provisioningRoutes, scimRoutes } from "./routes.ts";
export { toScimError } from "./scim-error.ts";
