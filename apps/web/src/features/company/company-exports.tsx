import type { CompanyExport, CompanyExports as ExportList } from "@finops/capabilities/companies/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { formatBytes } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { request } from "../../lib/api.ts";
import { useSave } from "./use-save.ts";

const key = ["company-exports"];
const path = "/api/v1/company/exports";
const followMs = 1500;

/** Everything that the company has, as files to take along. */
export function CompanyExports() {
  const exports = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await request<ExportList>(path, { signal })).exports,
    refetchInterval: (query) => (query.state.data?.some(isOnItsWay) === true ? followMs : false),
  });
  const start = useSave<void, CompanyExport>({
    method: "POST",
    path: () => path,
    stale: key,
    refused: "No export was begun.",
  });
  const isRunning = exports.data?.some(isOnItsWay) === true;
  return (
    <Card
      title="Take everything along"
      about="Costs as FOCUS 1.2, documents, people and the audit. A new export replaces the files before it."
      actions={
        <Button kind="primary" disabled={start.isPending || isRunning} onClick={() => start.mutate()}>
          {isRunning ? "Being written" : "Export everything"}
        </Button>
      }
    >
      <div className="px-4 pb-4">
        <Async
          of={exports}
          name="The exports"
          skeleton={<Skeleton className="h-24 w-full" />}
          isEmpty={(list) => list.length === 0}
          empty={<p className="text-sm text-text-2">Nothing was exported yet.</p>}
        >
          {(list) => (
            <ul aria-label="Exports" className="divide-y divide-line rounded-md border border-line">
              {list.map((one, index) => (
                <ExportRow
                  key={one.id}
                  of={one}
                  hasFiles={list.findIndex(({ state }) => state === "done") === index && !isRunning}
                />
              ))}
            </ul>
          )}
        </Async>
      </div>
    </Card>
  );
}

function isOnItsWay({ state }: CompanyExport): boolean {
  return state === "queued" || state === "running";
}

const states = {
  queued: { label: "Waits for its turn", tone: "accent" },
  running: { label: "Is being written", tone: "accent" },
  done: { label: "Done", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
  cancelled: { label: "Stopped", tone: "neutral" },
} as const;

const contents: Record<CompanyExport["files"][number]["name"], string> = {
  "costs.parquet": "All costs, as FOCUS 1.2",
  "documents.json": "Views, dashboards and reports",
  "organisation.json": "People, roles, groups and units",
  "audit-sealed.jsonl": "The audit's sealed part",
  "audit.csv": "The audit",
};

function ExportRow({ of: { id, state, createdAt, error, files }, hasFiles }: { of: CompanyExport; hasFiles: boolean }) {
  return (
    <li className="space-y-2 px-3 py-2.5">
      <p className="flex flex-wrap items-center gap-2 text-sm" role="status">
        <span className="font-medium">{formatInstant(createdAt)}</span>
        <Badge tone={states[state].tone}>{states[state].label}</Badge>
        {error !== null && <span className="min-w-0 break-words text-text-2">{error}</span>}
        {state === "done" && !hasFiles && <span className="text-text-2">Its files made place for a newer export.</span>}
      </p>
      {hasFiles && (
        <ul className="space-y-1">
          {files.map((file) => (
            <li key={file.name} className="flex flex-wrap items-baseline gap-x-3 text-sm">
              <a
                href={`${path}/${id}/file?${new URLSearchParams({ file: file.name })}`}
                download={file.name}
                className="inline-flex items-center gap-1.5 rounded-sm text-accent hover:underline"
              >
                <Download size={14} aria-hidden />
                {file.name}
              </a>
              <span className="text-xs text-text-2">
                {contents[file.name]}, {formatBytes(file.bytes)}, SHA-256{" "}
                <code className="select-all" title={file.sha256}>
                  {file.sha256.slice(0, 12)}
                </code>
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
