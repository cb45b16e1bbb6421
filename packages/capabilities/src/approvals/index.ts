export { WaitingChange } from "./contract.ts";
export { approvalRoutes } from "./routes.ts";
