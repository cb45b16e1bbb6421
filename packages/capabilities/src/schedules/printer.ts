import type { ChartData } from "../pictures/index.ts";
import type { ReportDocument } from "./document.ts";

/** Draws and prints, on hosts that have fonts and a place for native code. */
export interface Printer {
  /** A picture of a chart, twice as sharp as its size. */
  png(chart: ChartData): Uint8Array;
  /** A document as PDF; the same document is the same bytes. */
  pdf(document: ReportDocument): Promise<Uint8Array>;
}
