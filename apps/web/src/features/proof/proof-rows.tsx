import type { FigureProof, FigureRequest } from "@finops/capabilities/proof/contract";
import { CostView } from "@finops/capabilities/views/contract";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { type DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatDay } from "@finops/ui/text/format-day";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { writeView } from "../../lib/view-search.ts";
import { useProofRows } from "./use-proof.ts";

type Row = Record<string, string | null>;

/** The first charges of the figure, and the way to all of them. */
export function ProofRows({ figure, proof }: { figure: FigureRequest; proof: FigureProof }) {
  const rows = useProofRows(proof);
  const { currency } = proof.figure;
  const amount = rows.data?.amount ?? "billedCost";
  const columns = useMemo(() => columnsOf(amount, currency), [amount, currency]);
  if (proof.rows === 0) return <p className="text-base text-text-2">There are none.</p>;
  return (
    <Async of={rows} name="The rows" skeleton={<Skeleton className="h-48 w-full" />}>
      {(found) => (
        <>
          <div className="rounded-md border border-line">
            <DataTable
              label="Charge rows of the figure"
              isPlain
              rows={found.rows}
              columns={columns}
              rowId={(row) => String(found.rows.indexOf(row))}
              height={280}
            />
          </div>
          <Link
            to="/explorer"
            search={writeView(rowsView(figure)) as never}
            className="mt-2 inline-block text-sm font-medium text-accent hover:underline"
          >
            {found.hasMore ? "See all rows in the explorer" : "See them in the explorer, with every column"}
          </Link>
        </>
      )}
    </Async>
  );
}

function rowsView({ measure, period, basis, filter, asOf, currency }: FigureRequest): CostView {
  const given = { ...(filter === undefined ? {} : { filter }), ...(asOf === undefined ? {} : { asOf }) };
  return CostView.parse({ measures: [measure], period, basis, currency, shows: "rows", ...given });
}

function columnsOf(amount: string, currency: string): DataColumn<Row>[] {
  return [
    {
      id: "what",
      header: "Charge",
      value: (row) => row["chargeDescription"] ?? row["serviceName"] ?? null,
      width: 220,
    },
    {
      id: "day",
      header: "Day",
      kind: "day",
      value: (row) => row["chargePeriodStart"]?.slice(0, 10) ?? null,
      cell: (row) => (row["chargePeriodStart"] == null ? "" : formatDay(row["chargePeriodStart"].slice(0, 10), "day")),
      width: 76,
    },
    {
      id: "amount",
      header: words(amount),
      kind: amount.endsWith("Cost") ? "money" : "count",
      currency,
      value: (row) => row[amount] ?? null,
    },
    { id: "account", header: "Account", value: (row) => row["subAccountId"] ?? null, isMinor: true },
    { id: "resource", header: "Resource", value: (row) => row["resourceId"] ?? null, isMinor: true },
  ];
}

function words(name: string): string {
  const spaced = name.replaceAll(/([A-Z])/g, " $1").toLowerCase();
  return spaced[0]!.toUpperCase() + spaced.slice(1);
}
