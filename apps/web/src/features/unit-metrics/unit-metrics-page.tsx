import type { UnitMetric } from "@finops/capabilities/unit-metrics/contract";
import { Quantity } from "@finops/ui/figures/quantity";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus, Scale } from "lucide-react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { unitMetricsQuery } from "../../lib/unit-metrics.ts";
import { useEdit } from "../../lib/use-edit.ts";
import { UnitMetricPanel } from "./unit-metric-panel.tsx";
import { aggregationWords, monthWords } from "./unit-metric-words.ts";

const route = getRouteApi("/unit-metrics");

/** What the company counts of its business. */
export function UnitMetricsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const maySee = useMay("costs:read");
  const mayMake = useMay("metrics:write");
  const metrics = useQuery({ ...unitMetricsQuery, enabled: maySee });
  const edit = useEdit<"yes">();
  const open = (id: string) => void navigate({ to: "/unit-metrics/$id", params: { id } });
  const make = mayMake && (
    <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => edit("yes")}>
      New unit metric
    </Button>
  );
  return (
    <Beside
      panel={
        search.edit === "yes" &&
        mayMake && <UnitMetricPanel metric={null} onClose={() => edit(undefined)} onDone={({ id }) => open(id)} />
      }
    >
      <Page title="Unit costs" actions={make}>
        {maySee ? (
          <Async
            of={metrics}
            name="The unit metrics"
            skeleton={<Skeleton className="h-72 w-full" />}
            isEmpty={(all) => all.length === 0}
            empty={
              <div className="rounded-lg border border-line bg-surface-1">
                <EmptyState icon={<Scale size={24} aria-hidden />} title="No unit metric yet" action={make}>
                  A unit metric is what the company counts of its business, such as customers or orders. It says what
                  one of them costs, and budgets can follow it.{" "}
                  {!mayMake && "Who has metrics:write makes them; an owner of your company can give it."}
                </EmptyState>
              </div>
            }
          >
            {(all) => (
              <section aria-label="Unit metrics" className="min-w-0 rounded-lg border border-line bg-surface-1">
                <DataTable
                  label="Unit metrics"
                  rows={all}
                  columns={columns}
                  rowId={({ id }) => id}
                  onActivate={({ id }) => open(id)}
                />
              </section>
            )}
          </Async>
        ) : (
          <Notice tone="info" title="Unit costs are for who sees costs.">
            Who has costs:read sees this page. An owner of the company can give it.
          </Notice>
        )}
      </Page>
    </Beside>
  );
}

const columns: DataColumn<UnitMetric>[] = [
  {
    id: "name",
    header: "Unit metric",
    value: ({ name }) => name,
    cell: ({ id, name }) => (
      <Link
        to="/unit-metrics/$id"
        params={{ id }}
        title={name}
        className="min-w-0 truncate font-medium hover:text-accent hover:underline"
        dir="auto"
      >
        {name}
      </Link>
    ),
  },
  {
    id: "latest",
    header: "Last actual value",
    kind: "count",
    width: 168,
    value: ({ latest }) => latest?.quantity ?? null,
    cell: ({ latest, unitMany }) => (
      <Quantity amount={latest?.quantity ?? null} unit={unitMany} missing="No actual value is written yet." />
    ),
  },
  {
    id: "month",
    header: "Of",
    kind: "day",
    width: 136,
    value: ({ latest }) => latest?.month ?? null,
    cell: ({ latest }) => (latest === null ? null : monthWords(latest.month)),
  },
  { id: "months", header: "Months", kind: "count", isMinor: true, value: ({ months }) => String(months) },
  {
    id: "aggregation",
    header: "Kind",
    isMinor: true,
    value: ({ aggregation }) => aggregationWords[aggregation].label,
  },
  {
    id: "owner",
    header: "Owner",
    isMinor: true,
    value: ({ owner }) => owner.name,
    cell: ({ owner }) => (
      <span className="truncate" dir="auto">
        {owner.name}
      </span>
    ),
  },
];
