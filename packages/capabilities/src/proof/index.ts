export { proofRoutes } from "./routes.ts";
export { packProof, proveFigure } from "./service.ts";
