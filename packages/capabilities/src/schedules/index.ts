export { askForDueSchedules } from "./due-service.ts";
export { printRoutes } from "./print-routes.ts";
export type { Printer } from "./printer.ts";
export { scheduleRoutes } from "./routes.ts";
export { schedulesPool } from "./store.ts";
export { toldFileRoutes } from "./told-file-routes.ts";
