import type { ExportRequestInput } from "@finops/capabilities/exports/contract";
import type { PrintViewInput } from "@finops/capabilities/schedules/contract";
import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import type { ExportFormat } from "@finops/ui/table/column";
import { formatPeriod } from "@finops/ui/text/format-day";
import { formatBytes } from "@finops/ui/text/format-figure";
import { ApiProblem } from "../../lib/api.ts";
import { download } from "../../lib/download.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { defaultColumns } from "./row-columns.ts";

/** Takes what is shown along as a file, and says how far it is. */
export async function exportView(view: CostView, plan: ViewPlan, format: ExportFormat): Promise<void> {
  const { show, close } = useToasts.getState();
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
  try {
    const bytes = await download({
      ...(format === "pdf" ? printed(view) : { path: "/api/v1/export", body: exportRequest(view, plan, format) }),
      fileName: `costs-${plan.period.start}.${format === "focus" ? "csv" : format}`,
      signal: cancel.signal,
      onProgress: ({ bytes: read, total }) =>
        say(total === null ? formatBytes(read) : `${formatBytes(read)} of ${formatBytes(total)}`),
    });
    show({ id: "export", tone: "info", title: "The file is in your downloads.", body: formatBytes(bytes) });
  } catch (error) {
    if (cancel.signal.aborted) return close("export");
    const body = error instanceof ApiProblem ? error.message : "The connection broke off. Try again.";
    show({ id: "export", tone: "error", title: "The export failed.", body });
  }
}

/** The paper leads back to what the address bar has. */
function printed(view: CostView): { path: string; body: PrintViewInput } {
  return { path: "/api/v1/views/pdf", body: { view, path: `/explorer${location.search}` } };
}

/** The groups of all levels, the charge rows in their columns, or the rows as FOCUS: always of exactly what is shown. */
function exportRequest(view: CostView, plan: ViewPlan, format: Exclude<ExportFormat, "pdf">): ExportRequestInput {
  if (format === "focus") {
    const { columns: _, orderBy: __, ...query } = plan.rows;
    return { what: { kind: "focus", query }, format: "csv" };
  }
  if (view.shows === "rows")
    return { what: { kind: "rows", query: { ...plan.rows, columns: plan.rows.columns ?? defaultColumns } }, format };
  const { limit: _, ...query } = plan.table;
  return { what: { kind: "query", query }, format };
}
