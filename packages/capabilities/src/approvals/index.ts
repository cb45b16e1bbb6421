export { WaitingChange } from "./contract.ts";
export { approvalRoutes } from "./routes.ts";
export { findWaitingRequests } from "./service.ts";
export { listWaitingChanges } from "./waiting-service.ts";
