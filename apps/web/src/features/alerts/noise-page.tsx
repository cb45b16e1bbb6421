import type { RuleNoise } from "@finops/capabilities/alerts/contract";
import { Segments } from "@finops/ui/primitives/segments";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { BellOff } from "lucide-react";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { noiseQuery, useLiveAlerts } from "./alert-queries.ts";
import { AlertsTabs, noAlerts } from "./alerts-tabs.tsx";

const route = getRouteApi("/alerts/$id");

/** Which rules ring for nothing, and what would help. */
export function NoisePage() {
  useLiveAlerts();
  const { days = 30 } = route.useSearch();
  const navigate = useNavigate();
  const maySee = useMay("alerts:read");
  const report = useQuery({ ...noiseQuery(days), enabled: maySee });
  return (
    <Page title="Noise of alerts" tools={<AlertsTabs />}>
      {maySee ? (
        <>
          <div className="mb-4 flex flex-wrap items-center gap-3">
            <p className="mr-auto text-lg" data-testid="sentence">
              {report.data?.sentence ?? " "}
            </p>
            <Segments
              label="Over"
              value={String(days)}
              options={[
                { value: "30", label: "30 days" },
                { value: "90", label: "90 days" },
              ]}
              onChoose={(value) =>
                void navigate({
                  to: "/alerts/$id",
                  params: { id: "noise" },
                  search: { days: value === "90" ? 90 : undefined },
                })
              }
            />
          </div>
          <Async
            of={report}
            name="The report"
            skeleton={<Skeleton className="h-72 w-full" />}
            isEmpty={({ rules }) => rules.length === 0}
            empty={
              <div className="rounded-lg border border-line bg-surface-1">
                <EmptyState icon={<BellOff size={24} aria-hidden />} title="No rule yet">
                  Once rules fire, this shows which of them ring for nothing.{" "}
                  <Link to="/alerts/rules" className="text-accent underline">
                    See the rules
                  </Link>
                </EmptyState>
              </div>
            }
          >
            {({ rules, isWhole }) => (
              <section aria-label="Noise" className="min-w-0 rounded-lg border border-line bg-surface-1">
                {!isWhole && (
                  <Notice tone="warning" title="Only the newest is counted">
                    So much happened in this time that the first of it is left out.
                  </Notice>
                )}
                <DataTable
                  label="Noise"
                  rows={rules}
                  columns={columns}
                  rowId={({ rule }) => rule.id}
                  onActivate={({ rule }) => void navigate({ to: "/alerts/rules", search: { edit: rule.id } })}
                />
              </section>
            )}
          </Async>
        </>
      ) : (
        <Notice tone="info" title={noAlerts.title}>
          {noAlerts.about}
        </Notice>
      )}
    </Page>
  );
}

/** "12 min", "3 h", "2 days". */
function waitWords(minutes: number | null): string {
  if (minutes === null) return "–";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

const columns: DataColumn<RuleNoise>[] = [
  {
    id: "rule",
    header: "Rule",
    value: ({ rule }) => rule.name,
    cell: ({ rule }) => (
      <Link
        to="/alerts/rules"
        search={{ edit: rule.id }}
        title={rule.name}
        className="truncate font-medium hover:text-accent hover:underline"
        dir="auto"
      >
        {rule.name}
      </Link>
    ),
  },
  { id: "fired", header: "Fired", width: 80, kind: "count", value: ({ fired }) => String(fired) },
  {
    id: "without",
    header: "Nobody acted",
    width: 148,
    kind: "percent",
    value: ({ fired, withoutAction }) => (fired === 0 ? null : (withoutAction / fired).toFixed(4)),
  },
  {
    id: "acknowledged",
    header: "Acknowledged",
    width: 156,
    kind: "count",
    isMinor: true,
    value: ({ acknowledged }) => String(acknowledged),
  },
  {
    id: "median",
    header: "Usually after",
    width: 148,
    isMinor: true,
    value: ({ medianMinutesToAcknowledge }) => waitWords(medianMinutesToAcknowledge),
  },
  {
    id: "itself",
    header: "Over in an hour / a day",
    width: 208,
    isMinor: true,
    value: ({ resolvedWithinHour, resolvedWithinDay }) => `${resolvedWithinHour} / ${resolvedWithinDay}`,
  },
  {
    id: "suggestion",
    header: "What would help",
    width: 320,
    value: ({ suggestion }) => suggestion,
    cell: ({ suggestion }) => (
      <span className="truncate" title={suggestion ?? undefined}>
        {suggestion ?? "Nothing"}
      </span>
    ),
  },
];
