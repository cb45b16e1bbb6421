import type { Alert } from "@finops/capabilities/alerts/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Segments } from "@finops/ui/primitives/segments";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { BellRing } from "lucide-react";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { AlertActions } from "./alert-actions.tsx";
import { alertsQuery, useLiveAlerts } from "./alert-queries.ts";
import { inboxSentence, severityWords, stateWords } from "./alert-words.ts";
import { AlertsTabs, noAlerts } from "./alerts-tabs.tsx";

const route = getRouteApi("/alerts");

/** What needs somebody: every alert that one may see. */
export function AlertsPage() {
  useLiveAlerts();
  const { show } = route.useSearch();
  const navigate = useNavigate();
  const maySee = useMay("alerts:read");
  const state = show ?? "open";
  const alerts = useQuery({ ...alertsQuery(state), enabled: maySee });
  return (
    <Page title="Alerts" tools={<AlertsTabs />}>
      {maySee ? (
        <>
          <div className="mb-4 flex flex-wrap items-center gap-3">
            <p className="mr-auto text-lg" data-testid="sentence">
              {alerts.data === undefined
                ? " "
                : state === "open"
                  ? inboxSentence(alerts.data)
                  : `${alerts.data.length === 0 ? "None" : alerts.data.length} ${alerts.data.length === 1 ? "is" : "are"} over.`}
            </p>
            <Segments
              label="Alerts that are"
              value={state}
              options={[
                { value: "open", label: "Open" },
                { value: "resolved", label: "Resolved" },
              ]}
              onChoose={(value) =>
                void navigate({ to: "/alerts", search: { show: value === "resolved" ? value : undefined } })
              }
            />
          </div>
          <Async
            of={alerts}
            name="The alerts"
            skeleton={<Skeleton className="h-72 w-full" />}
            isEmpty={(all) => all.length === 0}
            empty={
              <div className="rounded-lg border border-line bg-surface-1">
                <EmptyState icon={<BellRing size={24} aria-hidden />} title="Nothing here">
                  Rules say what is an alert: a budget that runs over, costs that jump, data that stays away.{" "}
                  <Link to="/alerts/rules" className="text-accent underline">
                    See the rules
                  </Link>
                </EmptyState>
              </div>
            }
          >
            {(all) => (
              <section aria-label="Alerts" className="min-w-0 rounded-lg border border-line bg-surface-1">
                <DataTable
                  label="Alerts"
                  rows={all}
                  columns={columns}
                  rowId={({ id }) => id}
                  onActivate={({ id }) => void navigate({ to: "/alerts/$id", params: { id } })}
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

const columns: DataColumn<Alert>[] = [
  {
    id: "message",
    header: "Alert",
    value: ({ message }) => message,
    cell: ({ id, message }) => (
      <Link
        to="/alerts/$id"
        params={{ id }}
        title={message}
        className="truncate font-medium hover:text-accent hover:underline"
        dir="auto"
      >
        {message}
      </Link>
    ),
  },
  {
    id: "severity",
    header: "Severity",
    width: 116,
    value: ({ severity }) => severityWords[severity].label,
    cell: ({ severity }) => <Badge tone={severityWords[severity].tone}>{severityWords[severity].label}</Badge>,
  },
  {
    id: "state",
    header: "State",
    width: 128,
    value: ({ state }) => stateWords[state].label,
    cell: ({ state }) => (
      <Badge tone={stateWords[state].tone} title={stateWords[state].about}>
        {stateWords[state].label}
      </Badge>
    ),
  },
  {
    id: "rule",
    header: "Rule",
    isMinor: true,
    value: ({ rule }) => rule?.name ?? null,
    cell: ({ rule }) => (
      <span className="truncate" dir="auto">
        {rule?.name ?? "A channel"}
      </span>
    ),
  },
  {
    id: "since",
    header: "Since",
    width: 184,
    isMinor: true,
    value: ({ firedAt }) => firedAt,
    cell: ({ firedAt }) => formatInstant(firedAt),
  },
  {
    id: "actions",
    header: "Look after it",
    width: 184,
    hasState: true,
    cell: (alert) => <AlertActions alert={alert} />,
  },
];
