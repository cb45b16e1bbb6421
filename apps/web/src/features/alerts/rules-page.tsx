import type { AlertRule } from "@finops/capabilities/alerts/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatDay } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { BellPlus, Plus } from "lucide-react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { rulesQuery, useLiveAlerts } from "./alert-queries.ts";
import { conditionWords, severityWords } from "./alert-words.ts";
import { AlertsTabs, noAlerts } from "./alerts-tabs.tsx";
import { RulePanel } from "./rule-panel.tsx";

const route = getRouteApi("/alerts/rules");
const isNew = "new";

/** What is watched: every rule that one may see. */
export function RulesPage() {
  useLiveAlerts();
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const maySee = useMay("alerts:read");
  const mayMake = useMay("alerts:write");
  const rules = useQuery({ ...rulesQuery, enabled: maySee });
  const open = (to: string | undefined) => void navigate({ to: "/alerts/rules", search: { edit: to } });
  const edited = rules.data?.find(({ id, mayChange }) => id === edit && mayChange);
  const make = mayMake && (
    <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => open(isNew)}>
      New rule
    </Button>
  );
  return (
    <Beside
      panel={
        mayMake &&
        (edit === isNew || edited !== undefined) && (
          <RulePanel
            key={edited === undefined ? isNew : `${edited.id} ${edited.version}`}
            rule={edited ?? null}
            onClose={() => open(undefined)}
          />
        )
      }
    >
      <Page title="Rules of alerts" tools={<AlertsTabs />} actions={make}>
        {maySee ? (
          <Async
            of={rules}
            name="The rules"
            skeleton={<Skeleton className="h-72 w-full" />}
            isEmpty={(all) => all.length === 0}
            empty={
              <div className="rounded-lg border border-line bg-surface-1">
                <EmptyState icon={<BellPlus size={24} aria-hidden />} title="No rule yet" action={make}>
                  A rule watches a budget, costs or data, and says who is told when something is wrong. While you write
                  it, you see what it would have told in the last months.
                </EmptyState>
              </div>
            }
          >
            {(all) => (
              <section aria-label="Rules" className="min-w-0 rounded-lg border border-line bg-surface-1">
                <DataTable
                  label="Rules"
                  rows={all}
                  columns={columns}
                  rowId={({ id }) => id}
                  onActivate={({ id, mayChange }) => mayChange && open(id)}
                />
              </section>
            )}
          </Async>
        ) : (
          <Notice tone="info" title={noAlerts.title}>
            {noAlerts.about}
          </Notice>
        )}
      </Page>
    </Beside>
  );
}

const columns: DataColumn<AlertRule>[] = [
  {
    id: "name",
    header: "Rule",
    value: ({ name }) => name,
    cell: ({ name }) => (
      <span className="truncate font-medium" title={name} dir="auto">
        {name}
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 128,
    value: ({ problem, isOn, openAlerts }) =>
      problem !== null ? "Cannot be told" : !isOn ? "Off" : openAlerts > 0 ? "Firing" : "Quiet",
    cell: ({ problem, isOn, openAlerts }) =>
      problem !== null ? (
        <Badge tone="warning" title={problem}>
          Cannot be told
        </Badge>
      ) : !isOn ? (
        <Badge>Off</Badge>
      ) : openAlerts > 0 ? (
        <Badge tone="bad">Firing: {openAlerts}</Badge>
      ) : (
        <Badge tone="good">Quiet</Badge>
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
    id: "conditions",
    header: "When",
    isMinor: true,
    width: 260,
    value: ({ conditions }) => conditions.map(({ kind }) => conditionWords[kind]).join(", "),
  },
  {
    id: "day",
    header: "Looked at",
    width: 128,
    isMinor: true,
    value: ({ evaluatedDay }) => evaluatedDay,
    cell: ({ evaluatedDay }) => (evaluatedDay === null ? "Not yet" : formatDay(evaluatedDay)),
  },
];
