import type * as Resvg from "@resvg/resvg-js";
import { type ChartData, chartSvg } from "./chart-svg.ts";
import { dejavu, load } from "./font-store.ts";
import { outline } from "./outline.ts";

export interface Picture {
  png: Uint8Array;
  /** Of the size that it is meant for; it has twice as many dots each way. */
  width: number;
  height: number;
}

/** Draws a chart with the fonts that come along, so that it looks alike on every machine. */
export function drawChart(chart: ChartData): Picture {
  const resvg = load("@resvg/resvg-js") as typeof Resvg;
  const drawn = new resvg.Resvg(chartSvg(chart, outline), {
    fitTo: { mode: "zoom", value: 2 },
    font: {
      fontFiles: [dejavu.plain.path, dejavu.bold.path],
      loadSystemFonts: false,
      defaultFontFamily: "DejaVu Sans",
    },
  });
  return { png: drawn.render().asPng(), width: drawn.width, height: drawn.height };
}

/** The same as a file alone. */
export function chartPng(chart: ChartData): Uint8Array {
  return drawChart(chart).png;
}
