import { keyChange } from "./keys.ts";
import { serviceAccountChange } from "./service-accounts.ts";

export { createKey, keyPolicies, listKeys, revokeKey } from "./keys.ts";
export { keyRoutes } from "./routes.ts";

export const keyChanges = [keyChange, serviceAccountChange] as const;
