import type { AlertRule } from "@finops/capabilities/alerts/contract";
import { Badge } from "@finops/ui/primitives/badge";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatDay } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { BellPlus } from "lucide-react";
import { useMay } from "../../lib/session.ts";
import { rulesQuery } from "./alert-queries.ts";
import { conditionWords, severityWords } from "./alert-words.ts";
import { noAlerts } from "./alerts-tabs.tsx";
import { EditedListPage } from "./edited-list-page.tsx";
import { RulePanel } from "./rule-panel.tsx";

const route = getRouteApi("/alerts/rules");

/** What is watched: every rule that one may see. */
export function RulesPage() {
  const { edit } = route.useSearch();
  const maySee = useMay("alerts:read");
  const rules = useQuery({ ...rulesQuery, enabled: maySee });
  return (
    <EditedListPage
      title="Rules of alerts"
      name="The rules"
      of={rules}
      edit={edit}
      maySee={maySee}
      mayMake={useMay("alerts:write")}
      refusal={noAlerts}
      newLabel="New rule"
      empty={{
        icon: BellPlus,
        title: "No rule yet",
        about:
          "A rule watches a budget, costs or data, and says who is told when something is wrong. While you write it, you see what it would have told in the last months.",
      }}
      mayChange={({ mayChange }) => mayChange}
      panel={(rule, onClose) => <RulePanel rule={rule} onClose={onClose} />}
    >
      {(all, open) => (
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
    </EditedListPage>
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
