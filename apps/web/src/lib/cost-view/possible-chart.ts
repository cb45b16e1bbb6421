import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostView } from "@finops/capabilities/views/contract";

export type Chart = CostView["chart"];

/** Parts of a whole can be stacked and cut into slices only where they add up. */
export function possibleChart(chart: Chart, measure: CostCatalog["measures"][number] | undefined): Chart {
  if (measure === undefined || measure.additive) return chart;
  return standIns[chart] ?? chart;
}

const standIns: Partial<Record<Chart, Chart>> = { area: "line", bars: "line", treemap: "ranking", donut: "ranking" };
