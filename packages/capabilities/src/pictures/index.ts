export type { ChartData } from "./chart-svg.ts";
