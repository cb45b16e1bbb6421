import type { ExportRequestInput } from "@finops/capabilities/exports/contract";
import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import type { ExportFormat } from "@finops/ui/table/column";
import { formatPeriod } from "@finops/ui/text/format-day";
import { formatBytes } from "@finops/ui/text/format-figure";
import { ApiProblem } from "../../lib/api.ts";
import { download } from "../../lib/download.ts";
import { useMay } from "../../lib/session.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { defaultColumns } from "./row-columns.ts";

/** Takes all rows along, those that are not loaded among them. Undefined where the person may not export. */
export function useExport(view: CostView, plan: ViewPlan): ((format: ExportFormat) => void) | undefined {
  const mayExport = useMay("exports:write");
  const { show, close } = useToasts();
  if (!mayExport) return undefined;
  return (format) => {
    const cancel = new AbortController();
    const say = (body: string) =>
      show({
        id: "export",
        tone: "info",
        title: `Exporting ${formatPeriod(plan.period)}`,
        body,
        isSticky: true,
        action: { label: "Cancel", onSelect: () => cancel.abort() },
      });
    say("The file is being written …");
    void download({
      path: "/api/v1/export",
      body: exportRequest(view, plan, format),
      fileName: `costs-${plan.period.start}.${format === "focus" ? "csv" : format}`,
      signal: cancel.signal,
      onProgress: ({ bytes, total }) =>
        say(total === null ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(total)}`),
    }).then(
      (bytes) =>
        show({ id: "export", tone: "info", title: "The file is in your downloads.", body: formatBytes(bytes) }),
      (error: unknown) => {
        if (cancel.signal.aborted) return close("export");
        const body = error instanceof ApiProblem ? error.message : "The connection broke off. Try again.";
        return show({ id: "export", tone: "error", title: "The export failed.", body });
      },
    );
  };
}

/** The groups of all levels, the charge rows in their columns, or the rows as FOCUS: always of exactly what is shown. */
export function exportRequest(view: CostView, plan: ViewPlan, format: ExportFormat): ExportRequestInput {
  if (format === "focus") {
    const { columns: _, orderBy: __, ...query } = plan.rows;
    return { what: { kind: "focus", query }, format: "csv" };
  }
  if (view.shows === "rows")
    return { what: { kind: "rows", query: { ...plan.rows, columns: plan.rows.columns ?? defaultColumns } }, format };
  const { limit: _, ...query } = plan.table;
  return { what: { kind: "query", query }, format };
}
