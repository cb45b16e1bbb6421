import type { UnitCosts, UnitMetric } from "@finops/capabilities/unit-metrics/contract";
import { Money } from "@finops/ui/figures/money";
import { Quantity } from "@finops/ui/figures/quantity";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { Card } from "@finops/ui/primitives/card";
import type { DataColumn } from "@finops/ui/table/column";
import { formatDay } from "@finops/ui/text/format-day";
import { formatUnitPrice } from "@finops/ui/text/format-figure";
import { useMemo } from "react";
import { DataTable } from "@finops/ui/table/data-table";
import { monthWords } from "./unit-metric-words.ts";

type Month = UnitCosts["currencies"][number]["months"][number];

/** What one of it cost month by month, in each currency that there are costs in. */
export function UnitCostsCard({ metric, costs }: { metric: UnitMetric; costs: UnitCosts }) {
  const title = `Cost of one ${metric.unitOne}`;
  if (costs.currencies.length === 0)
    return (
      <Card title={title}>
        <p className="px-4 pb-4 text-sm text-text-2">There are no costs of the last months that its filter matches.</p>
      </Card>
    );
  return costs.currencies.map((one) => (
    <Card
      key={one.currency}
      title={costs.currencies.length === 1 ? title : `${title} in ${one.currency}`}
      about={`Effective cost divided by ${metric.unitMany}, of months that are over`}
    >
      <Months metric={metric} {...one} />
    </Card>
  ));
}

function Months({ metric, currency, months }: { metric: UnitMetric } & UnitCosts["currencies"][number]) {
  const known = months.filter(({ perUnit }) => perUnit !== null).length;
  const newest = useMemo(() => months.toReversed(), [months]);
  const columns = useMemo(() => columnsOf(metric.unitOne, currency), [metric.unitOne, currency]);
  return (
    <>
      {known > 1 && (
        <div className="px-4 pb-4">
          <TrendChart
            description={`What one ${metric.unitOne} cost in ${known} of ${months.length} months.`}
            buckets={months.map(({ month }) => month)}
            formatBucket={(month, form) =>
              form === "axis" ? formatDay(`${month}-01`, "month-short") : monthWords(month)
            }
            series={[
              {
                id: "per-unit",
                label: `Cost of one ${metric.unitOne}`,
                colour: "var(--series-1)",
                values: months.map(({ perUnit }) => perUnit),
                isOther: false,
              },
            ]}
            previous={null}
            incomplete={null}
            currency={currency}
            print={(amount) => formatUnitPrice(amount, currency)}
            kind="bars"
            height={200}
          />
        </div>
      )}
      <DataTable
        label={`${metric.name} by month`}
        rows={newest}
        columns={columns}
        rowId={({ month }) => month}
        height={480}
      />
    </>
  );
}

function columnsOf(unitOne: string, currency: string): DataColumn<Month>[] {
  return [
    {
      id: "month",
      header: "Month",
      kind: "day",
      width: 140,
      value: ({ month }) => month,
      cell: ({ month }) => monthWords(month),
    },
    {
      id: "perUnit",
      header: `For one ${unitOne}`,
      kind: "money",
      value: ({ perUnit }) => perUnit,
      cell: ({ perUnit, missing }) => (
        <Money amount={perUnit} currency={currency} missing={missing ?? ""} isUnitPrice />
      ),
    },
    {
      id: "quantity",
      header: "Quantity",
      kind: "count",
      value: ({ quantity }) => quantity,
      cell: ({ quantity }) => <Quantity amount={quantity} unit={null} missing="No value is written." />,
    },
    {
      id: "cost",
      header: "Cost",
      kind: "money",
      value: ({ cost }) => cost,
      cell: ({ cost }, form) => (
        <Money amount={cost} currency={currency} missing="There are no costs." short={form === "compact"} />
      ),
      hasCompact: true,
    },
    {
      id: "missing",
      header: "What is missing",
      width: 280,
      value: ({ missing }) => missing,
      cell: ({ missing }) => (
        <span className="truncate text-text-2" title={missing ?? undefined}>
          {missing}
        </span>
      ),
    },
  ];
}
