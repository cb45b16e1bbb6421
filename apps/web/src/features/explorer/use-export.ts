import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import type { ExportFormat } from "@finops/ui/table/column";
import { useMay } from "../../lib/session.ts";
import { useToasts } from "../../lib/toasts.tsx";

/** Takes all rows along, those that are not loaded among them. Undefined where the person may not export. */
export function useExport(view: CostView, plan: ViewPlan): ((format: ExportFormat) => void) | undefined {
  const mayExport = useMay("exports:write");
  if (!mayExport) return undefined;
  return (format) => void import("./export-view.ts").then(({ exportView }) => exportView(view, plan, format), failed);
}

function failed() {
  const body = "The connection broke off. Try again.";
  useToasts.getState().show({ id: "export", tone: "error", title: "The export failed.", body });
}
