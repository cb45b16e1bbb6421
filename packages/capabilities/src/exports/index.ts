export type { Exporter } from "./exporter.ts";
export { exportRoutes } from "./routes.ts";
