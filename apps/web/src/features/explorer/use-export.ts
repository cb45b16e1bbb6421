import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import type { ExportFormat } from "@finops/ui/table/column";

/** Undefined where the person may not export. */
export function useExport(_view: CostView, _plan: ViewPlan): ((format: ExportFormat) => void) | undefined {
  return undefined;
}
