import { parseDecimal } from "@finops/kernel/decimal";
import type { Series } from "@finops/ui/charts/series";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { useMemo } from "react";
import { bucketLabel } from "../../lib/cost-words.ts";
import type { Grain } from "./overview-view.ts";

interface TrendTableProps {
  buckets: readonly string[];
  series: readonly Series[];
  currency: string;
  grain: Grain;
  byLabel: string;
}

/** The trend as its figures, with the sum of each bucket. */
export function TrendTable({ buckets, series, currency, grain, byLabel }: TrendTableProps) {
  const rows = useMemo(() => buckets.map((bucket, index) => ({ bucket, index })), [buckets]);
  const columns = useMemo(
    (): DataColumn<{ bucket: string; index: number }>[] => [
      {
        id: "bucket",
        header: "Period",
        kind: "day",
        value: ({ bucket }) => bucket,
        cell: ({ bucket }) => bucketLabel(bucket, grain, "full"),
        width: 190,
      },
      ...series.map((one): DataColumn<{ bucket: string; index: number }> => ({
        id: one.id,
        header: one.label,
        kind: "money",
        currency,
        value: ({ index }) => one.values[index] ?? null,
      })),
      {
        id: "(sum)",
        header: "Sum",
        kind: "money",
        currency,
        value: ({ index }) => {
          const known = series.flatMap((one) => one.values[index] ?? []);
          return known.length === 0
            ? null
            : known.reduce((sum, value) => sum.plus(parseDecimal(value)), parseDecimal("0")).toString();
        },
      },
    ],
    [series, currency, grain],
  );
  return (
    <DataTable
      label={`Trend by ${byLabel.toLowerCase()} and ${grain}`}
      rows={rows}
      columns={columns}
      rowId={({ bucket }) => bucket}
      height={380}
    />
  );
}
