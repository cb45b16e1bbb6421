import type { Grain } from "@finops/kernel/buckets";
import { parseDecimal, sum } from "@finops/kernel/decimal";
import type { Part } from "@finops/ui/charts/part";
import type { Series } from "@finops/ui/charts/series";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "../late-table.tsx";
import { useMemo } from "react";
import { bucketLabel } from "../cost-words.ts";

interface ChartTableProps {
  label: string;
  grain: Grain;
  unit: string;
  by: string;
  series?: readonly Series[];
  buckets?: readonly string[];
  parts?: readonly Part[];
}

/** The chart's own figures, for those who read better than they see. */
export function ChartTable({ series, buckets = [], parts, ...shared }: ChartTableProps) {
  return series === undefined ? (
    <PartTable {...shared} parts={parts ?? []} />
  ) : (
    <TimeTable {...shared} series={series} buckets={buckets} />
  );
}

function TimeTable({
  label,
  grain,
  unit,
  series,
  buckets,
}: Required<Pick<ChartTableProps, "label" | "grain" | "unit" | "series" | "buckets">>) {
  const rows = useMemo(() => buckets.map((bucket, index) => ({ bucket, index })), [buckets]);
  const columns = useMemo(
    (): DataColumn<(typeof rows)[number]>[] => [
      {
        id: "time",
        header: grain[0]!.toUpperCase() + grain.slice(1),
        value: ({ bucket }) => bucket,
        cell: ({ bucket }) => bucketLabel(bucket, grain, "full"),
      },
      {
        id: "total",
        header: "Total",
        kind: "money",
        currency: unit,
        value: ({ index }) => totalOf(series.map((one) => one.values[index] ?? null)),
      },
      ...series.map((one): DataColumn<(typeof rows)[number]> => ({
        id: one.id,
        header: one.label,
        kind: "money",
        currency: unit,
        value: ({ index }) => one.values[index] ?? null,
      })),
    ],
    [grain, unit, series],
  );
  return (
    <DataTable label={`${label} by ${grain}`} rows={rows} columns={columns} rowId={(row) => row.bucket} height={400} />
  );
}

function PartTable({ label, unit, by, parts }: Required<Pick<ChartTableProps, "label" | "unit" | "by" | "parts">>) {
  const columns = useMemo(
    (): DataColumn<Part>[] => [
      { id: "name", header: by, value: (part) => part.label },
      { id: "value", header: "Figure", kind: "money", currency: unit, value: (part) => part.value },
      { id: "before", header: "Before", kind: "money", currency: unit, value: (part) => part.before ?? null },
    ],
    [by, unit],
  );
  return (
    <DataTable label={`${label}, the biggest`} rows={parts} columns={columns} rowId={(part) => part.id} height={400} />
  );
}

function totalOf(values: readonly (string | null)[]): string | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known.map(parseDecimal)).toString();
}
