import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { CostView, ViewPlan } from "@finops/capabilities/views/contract";
import { Async } from "@finops/ui/states/async";
import type { DataColumn, ExportFormat, TableState } from "@finops/ui/table/column";
import { DataTable } from "../../lib/late-table.tsx";
import { TableSkeleton } from "@finops/ui/table/table-skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";
import { type ReactNode, useMemo } from "react";
import { dimensionLabel } from "../../lib/cost-words.ts";
import { useRows } from "./explorer-queries.ts";
import { defaultColumns } from "./row-columns.ts";

interface RowsTableProps {
  view: CostView;
  plan: ViewPlan;
  catalog: CostCatalog;
  onShow: (next: CostView) => void;
  onExport: ((format: ExportFormat) => void) | undefined;
  tools?: ReactNode;
}

type ChargeRow = Readonly<Record<string, string | null>> & { readonly "#"?: string };

/** The charge rows themselves, as the bills state them: page after page as the reader gets there. */
export function RowsTable({ view, plan, catalog, onShow, onExport, tools }: RowsTableProps) {
  const query = useRows(plan);
  const rows = useMemo(
    () =>
      query.data?.pages.flatMap((page, at) =>
        page.rows.map((row, index): ChargeRow => ({ ...row, "#": `${at}.${index}` })),
      ),
    [query.data],
  );
  const columns = useMemo(
    () => (view.rows.columns ?? defaultColumns).map((name) => columnOf(name, catalog)),
    [view.rows.columns, catalog],
  );
  const order = view.rows.orderBy;
  const state: Partial<TableState> = {
    sort: order === undefined ? null : { by: order.by, direction: order.direction },
    hidden: [],
  };
  return (
    <Async
      of={{ ...query, data: rows }}
      name="The charge rows"
      skeleton={<TableSkeleton columns={columns} rows={16} />}
    >
      {(found) => (
        <div
          aria-busy={query.isPlaceholderData}
          className={joinClasses(
            "transition-opacity delay-100 duration-[120ms]",
            query.isPlaceholderData && "opacity-60",
          )}
        >
          <DataTable
            label="Charge rows"
            rows={found}
            columns={columns}
            rowId={(row) => row["#"] ?? ""}
            state={state}
            onState={(_, patch) => {
              const { sort, hidden } = patch;
              if (hidden !== undefined)
                onShow({
                  ...view,
                  rows: { ...view.rows, columns: columns.map((one) => one.id).filter((id) => !hidden.includes(id)) },
                });
              if (sort !== undefined) {
                const { orderBy: _, ...rest } = view.rows;
                onShow({
                  ...view,
                  rows: sort === null ? rest : { ...rest, orderBy: { by: sort.by, direction: sort.direction } },
                });
              }
            }}
            server={{ sorts: true }}
            hasMore={query.hasNextPage}
            onEnd={() => void query.fetchNextPage()}
            onExport={onExport ?? null}
            tools={tools}
            empty="No charge is like that."
            height={720}
          />
        </div>
      )}
    </Async>
  );
}

const widths: Record<string, number> = {
  chargeDescription: 320,
  resourceId: 260,
  serviceName: 240,
  billingCurrency: 96,
  consumedUnit: 112,
  tags: 320,
};
const amounts = /(Cost|UnitPrice)$/;
const quantities = /Quantity$/;
const instants = /(Start|End|Created|Updated)$/;

function columnOf(name: string, catalog: CostCatalog): DataColumn<ChargeRow> {
  const kind = amounts.test(name) || quantities.test(name) ? "count" : "text";
  return {
    id: name,
    header: rowColumnLabel(name, catalog),
    kind,
    width: kind === "count" ? 144 : (widths[name] ?? (instants.test(name) ? 160 : 176)),
    value: (row) => row[name] ?? null,
    cell: (row) => <Cell name={name} value={row[name] ?? null} />,
  };
}

export function rowColumnLabel(name: string, catalog: CostCatalog): string {
  const label = dimensionLabel(name, catalog);
  if (label !== name || name.startsWith("x_")) return label;
  const words = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words[0]!.toUpperCase() + words.slice(1);
}

/** What the bill states, digit by digit. What it leaves out stays empty: most columns of most rows are. */
function Cell({ name, value }: { name: string; value: string | null }) {
  if (value === null) return <span className="sr-only">not stated</span>;
  if (instants.test(name) && /^\d{4}-\d{2}-\d{2}T/.test(value))
    return (
      <time dateTime={value} title={value}>
        {formatInstant(value).replace(", 00:00 UTC", "")}
      </time>
    );
  return (
    <bdi title={value} className="block truncate">
      {value}
    </bdi>
  );
}
