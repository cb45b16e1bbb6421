import type { Escalation } from "@finops/capabilities/alerts/contract";
import { Badge } from "@finops/ui/primitives/badge";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ListOrdered } from "lucide-react";
import { useMay } from "../../lib/session.ts";
import { onlyForMakers } from "./alerts-tabs.tsx";
import { EditedListPage } from "./edited-list-page.tsx";
import { afterWords } from "./escalation-form.ts";
import { EscalationPanel } from "./escalation-panel.tsx";
import { escalationsQuery } from "./escalation-queries.ts";

const route = getRouteApi("/alerts/$id");

/** Who is told, one after the other, when nobody looks after an alert. */
export function EscalationsPage() {
  const { edit } = route.useSearch();
  const mayWrite = useMay("alerts:write");
  const chains = useQuery({ ...escalationsQuery, enabled: mayWrite });
  return (
    <EditedListPage
      title="Escalations of alerts"
      name="The chains"
      of={chains}
      edit={edit}
      maySee={mayWrite}
      mayMake={mayWrite}
      refusal={onlyForMakers("Escalations are")}
      newLabel="New chain"
      empty={{
        icon: ListOrdered,
        title: "No chain yet",
        about:
          "A chain says who is told next when nobody looks after an alert: who is on call, a person, a channel. Rules name the chain that their alerts climb.",
      }}
      panel={(chain, onClose) => <EscalationPanel chain={chain} onClose={onClose} />}
    >
      {(all, open) => (
        <section aria-label="Chains" className="min-w-0 rounded-lg border border-line bg-surface-1">
          <DataTable
            label="Chains"
            rows={all}
            columns={columns}
            rowId={({ id }) => id}
            onActivate={({ id }) => open(id)}
          />
        </section>
      )}
    </EditedListPage>
  );
}

function stepWords({ steps, told }: Escalation): string {
  return steps
    .map(({ afterMinutes }, index) => `${afterWords(afterMinutes)} ${told[index] ?? "nobody: it is gone"}`)
    .join(", ");
}

const columns: DataColumn<Escalation>[] = [
  {
    id: "name",
    header: "Chain",
    width: 160,
    value: ({ name }) => name,
    cell: ({ name }) => (
      <span className="truncate font-medium" title={name} dir="auto">
        {name}
      </span>
    ),
  },
  {
    id: "steps",
    header: "Tells",
    width: 440,
    value: stepWords,
    cell: (chain) => (
      <span className="truncate" title={stepWords(chain)} dir="auto">
        {stepWords(chain)}
      </span>
    ),
  },
  {
    id: "repeats",
    header: "Again",
    width: 112,
    isMinor: true,
    value: ({ repeats }) => (repeats === 0 ? "Not again" : repeats === 1 ? "Once more" : `${repeats} times more`),
  },
  {
    id: "state",
    header: "State",
    width: 130,
    value: ({ told }) => (told.includes(null) ? "Has a gap" : "Whole"),
    cell: ({ told, usedBy }) =>
      told.includes(null) ? (
        <Badge tone="warning" title="A person has left, or a channel or schedule was deleted">
          Has a gap
        </Badge>
      ) : usedBy.length === 0 ? (
        <Badge title="No rule names it">Not used</Badge>
      ) : (
        <Badge tone="good" title={usedBy.map(({ name }) => name).join(", ")}>
          {usedBy.length === 1 ? "Used by a rule" : `Used by ${usedBy.length} rules`}
        </Badge>
      ),
  },
];
