import { Delta } from "@finops/ui/figures/delta";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { useMemo } from "react";
import { changeOf, type CostPart } from "./figures.ts";

/** What moved, exactly, the largest change first. */
export function MoversTable({
  parts,
  currency,
  good,
  onOpen,
}: {
  parts: readonly CostPart[];
  currency: string;
  good: "up" | "down";
  onOpen: (part: CostPart) => void;
}) {
  const columns = useMemo(
    (): DataColumn<CostPart>[] => [
      { id: "name", header: "Service in account", value: ({ label }) => label },
      { id: "now", header: "Now", kind: "money", currency, value: ({ value }) => value },
      { id: "before", header: "Before", kind: "money", currency, isMinor: true, value: ({ before }) => before ?? null },
      {
        id: "change",
        header: "Change",
        kind: "money",
        value: (part) => changeOf(part).toString(),
        cell: (part) => <Delta now={part.value} before={part.before ?? null} currency={currency} good={good} />,
        hasCompact: false,
        width: 210,
      },
    ],
    [currency, good],
  );
  const rows = useMemo(() => parts.toSorted((a, b) => changeOf(b).abs().comparedTo(changeOf(a).abs())), [parts]);
  return (
    <DataTable
      label="What moved"
      rows={rows}
      columns={columns}
      rowId={({ id }) => id}
      onActivate={onOpen}
      height={380}
    />
  );
}
