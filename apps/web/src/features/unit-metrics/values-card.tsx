import type { MetricValue, MetricValues, UnitMetric, ValueKind } from "@finops/capabilities/unit-metrics/contract";
import { monthsFrom } from "@finops/kernel/period";
import { formatQuantity, formatQuantityShort } from "@finops/kernel/format-quantity";
import { Legend } from "@finops/ui/charts/legend";
import type { Series } from "@finops/ui/charts/series";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { Quantity } from "@finops/ui/figures/quantity";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { formatDay, formatInstant } from "@finops/ui/text/format-day";
import { Pencil, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { kindWords, monthWords } from "./unit-metric-words.ts";

interface ValuesCardProps {
  metric: UnitMetric;
  values: MetricValues["values"];
  /** The button that writes some. */
  write: ReactNode;
  onChange: (value: MetricValue) => void;
  onRemove: (value: MetricValue) => void;
}

/** The values of a metric by month: a month that is not there has none. */
export function ValuesCard({ metric, values, write, onChange, onRemove }: ValuesCardProps) {
  return (
    <Card title="Values" about="A month that is not written has no value, which is not 0" actions={write}>
      <div className="px-4 pb-4">
        {values.length === 0 ? (
          <p className="text-sm text-text-2">
            No value is written yet. {metric.mayChange ? "" : "Who has metrics:write writes them."}
          </p>
        ) : (
          <>
            {values.length > 1 && <ValuesChart metric={metric} values={values} />}
            <div className="overflow-x-auto">
              <table aria-label="Values" className="w-full text-sm tabular-nums">
                <thead className="text-left text-xs text-text-2">
                  <tr>
                    <th className="py-1 font-normal">Month</th>
                    <th className="pl-4 text-right font-normal">Quantity</th>
                    <th className="pl-4 font-normal">Kind</th>
                    <th className="pl-4 font-normal max-md:hidden">Written</th>
                    {metric.mayChange && (
                      <th className="pl-4">
                        <span className="sr-only">Change</span>
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {values.toReversed().map((value) => (
                    <tr key={value.month} className="border-t border-line">
                      <td className="py-1.5 whitespace-nowrap">{monthWords(value.month)}</td>
                      <td className="pl-4 text-right">
                        <Quantity amount={value.quantity} unit={metric.unitMany} />
                      </td>
                      <td className="pl-4">
                        <Badge>{kindWords[value.kind]}</Badge>
                      </td>
                      <td className="pl-4 text-xs text-text-2 max-md:hidden">
                        <span dir="auto">{value.by.name}</span>, {formatInstant(value.at)}
                      </td>
                      {metric.mayChange && (
                        <td className="pl-4 text-right whitespace-nowrap">
                          <Button
                            kind="quiet"
                            icon={<Pencil size={14} aria-hidden />}
                            aria-label={`Change ${monthWords(value.month)}`}
                            title="Change"
                            onClick={() => onChange(value)}
                          />
                          <Button
                            kind="quiet"
                            icon={<X size={14} aria-hidden />}
                            aria-label={`Take the value of ${monthWords(value.month)} away`}
                            title="Take away"
                            onClick={() => onRemove(value)}
                          />
                        </td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </div>
    </Card>
  );
}

function ValuesChart({ metric, values }: Pick<ValuesCardProps, "metric" | "values">) {
  const [highlight, setHighlight] = useState<string | null>(null);
  const byMonth = new Map(values.map((value) => [value.month, value]));
  // Those between that have no value are gaps.
  const months = monthsFrom(values[0]!.month, values.at(-1)!.month);
  const ofKind = (kind: ValueKind, colour: string): Series => ({
    id: kind,
    label: kindWords[kind],
    colour,
    values: months.map((month) => {
      const value = byMonth.get(month);
      return value?.kind === kind ? value.quantity : null;
    }),
    isOther: false,
  });
  const series = [ofKind("actual", "var(--series-1)"), ofKind("planned", "var(--series-3)")];
  return (
    <>
      <Legend series={series} previousLabel={null} onHighlight={setHighlight} />
      <TrendChart
        description={`${metric.unitMany} of ${values.length} months, from ${monthWords(months[0]!)} to ${monthWords(months.at(-1)!)}.`}
        buckets={months}
        formatBucket={(month, form) => (form === "axis" ? formatDay(`${month}-01`, "month-short") : monthWords(month))}
        series={series}
        previous={null}
        incomplete={null}
        currency=""
        print={(quantity, form) => (form === "axis" ? formatQuantityShort(quantity) : formatQuantity(quantity))}
        kind="bars"
        highlight={highlight}
        height={200}
      />
    </>
  );
}
