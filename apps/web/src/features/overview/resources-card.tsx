import type { CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo } from "react";
import { valueLabel } from "../../lib/cost-words.ts";
import { groupLabel } from "./figures.ts";
import type { OverviewView } from "./overview-view.ts";
import type { OverviewNavigation } from "./use-overview-navigation.ts";
import { resourcesMax, useResources } from "./use-overview.ts";

interface ResourcesCardProps {
  view: OverviewView;
  catalog: CostCatalog;
  currency: string;
  navigation: OverviewNavigation;
}

/** The single things that cost most, where they stand and whose they are. */
export function ResourcesCard({ view, catalog, currency, navigation: { drill } }: ResourcesCardProps) {
  const tags = useMemo(
    () => [...new Set([...(view.tag === null ? [] : [view.tag]), ...catalog.tagKeys])].slice(0, 3),
    [view.tag, catalog],
  );
  const resources = useResources(view, tags);
  const columns = useMemo(() => columnsOf(view, currency, tags), [view, currency, tags]);
  const rows = useMemo(
    () => (resources.data?.answer.rows ?? []).filter((row) => row.currency === currency),
    [resources.data, currency],
  );
  return (
    <Card
      title="Top resources"
      about={`The ${resourcesMax} that cost most, ${formatPeriod(view.period)}. Choose one to see its charges.`}
    >
      <Async
        of={resources}
        name="The resources"
        skeleton={<ResourcesSkeleton />}
        isEmpty={() => rows.length === 0}
        empty={<p className="px-4 pb-4 text-sm text-text-2">No charge here names a resource.</p>}
      >
        {() => (
          <DataTable
            label="Top resources"
            rows={rows}
            columns={columns}
            rowId={(row) => JSON.stringify(row.key)}
            onActivate={(row) => drill(["resourceId", row.key["resourceId"] ?? null])}
            isPlain
          />
        )}
      </Async>
    </Card>
  );
}

function columnsOf(view: OverviewView, currency: string, tags: readonly string[]): DataColumn<CostRow>[] {
  const of = (name: string) => (row: CostRow) => row.key[name] ?? null;
  return [
    {
      id: "resource",
      header: "Resource",
      value: (row) => row.key["resourceName"] ?? row.key["resourceId"] ?? null,
      cell: (row) => <ResourceName row={row} />,
    },
    { id: "service", header: "Service", value: of("serviceName"), width: 200 },
    {
      id: "value",
      header: view.measureLabel,
      kind: "money",
      currency,
      value: (row) => row.values[view.measure]?.value ?? null,
    },
    { id: "account", header: "Account", value: (row) => groupLabel(row, "subAccountId"), width: 150, isMinor: true },
    { id: "region", header: "Region", value: of("regionId"), width: 120, isMinor: true },
    ...tags.map((key): DataColumn<CostRow> => ({
      id: `tag:${key}`,
      header: key,
      about: `The tag ${key}`,
      isMinor: true,
      width: 120,
      value: of(`tag:${key}`),
      cell: (row) => <TagValue dimension={`tag:${key}`} value={row.key[`tag:${key}`] ?? null} />,
    })),
    {
      id: "share",
      header: "Share",
      kind: "percent",
      isMinor: true,
      value: (row) => row.share?.[view.measure]?.value ?? null,
    },
  ];
}

/** Its name, and the end of its id, which is what tells two of them apart. */
function ResourceName({ row }: { row: CostRow }) {
  const id = row.key["resourceId"] ?? "";
  const name = row.key["resourceName"];
  const hasName = name != null && name !== "" && name !== id && name !== shortId(id);
  return (
    <span className="flex min-w-0 items-baseline gap-2" title={id}>
      <span className="truncate" dir="auto">
        {hasName ? name : shortId(id)}
      </span>
      {hasName && <span className="truncate text-xs text-text-3 max-lg:hidden">{shortId(id)}</span>}
    </span>
  );
}

function TagValue({ dimension, value }: { dimension: string; value: string | null }) {
  return value === null ? (
    <i className="text-text-3">{valueLabel(dimension, value)}</i>
  ) : (
    <span className="truncate" dir="auto" title={value}>
      {value}
    </span>
  );
}

function shortId(id: string): string {
  return id.split("/").at(-1) || id;
}

function ResourcesSkeleton() {
  return (
    <div className="space-y-3 p-4">
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton key={index} className="h-5 w-full" />
      ))}
    </div>
  );
}
