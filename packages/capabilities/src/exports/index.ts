export type { ExportDownload, Exporter } from "./exporter.ts";
export { answerFile, exportRoutes } from "./routes.ts";
export { createStreamedExporter } from "./streamed-exporter.ts";
