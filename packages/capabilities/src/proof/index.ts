export { proofRoutes } from "./routes.ts";
export { proveFigure } from "./service.ts";
