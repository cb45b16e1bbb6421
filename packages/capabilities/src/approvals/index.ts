export { WaitingChange } from "./contract.ts";
export { approvalRoutes } from "./routes.ts";
export { findWaitingRequests } from "./service.ts";
