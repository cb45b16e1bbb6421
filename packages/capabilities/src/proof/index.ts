export { packProof } from "./proof-pack.ts";
export { proofRoutes } from "./routes.ts";
export { proveFigure } from "./service.ts";
