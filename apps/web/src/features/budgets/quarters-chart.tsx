import type { BudgetPerformance } from "@finops/capabilities/budgets/contract";
import { parseDecimal } from "@finops/kernel/decimal";
import { Legend } from "@finops/ui/charts/legend";
import { otherColour, type Series } from "@finops/ui/charts/series";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { Segments } from "@finops/ui/primitives/segments";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useMemo, useState } from "react";

type Total = BudgetPerformance["totals"][number];

/** What was spent, allowed and first planned, quarter by quarter, in one currency. */
export function QuartersChart({ totals, until }: { totals: readonly Total[]; until: string }) {
  const currencies = useMemo(() => [...new Set(totals.map(({ currency }) => currency))], [totals]);
  const [wished, setWished] = useState<string | null>(null);
  const [highlight, setHighlight] = useState<string | null>(null);
  const currency = wished !== null && currencies.includes(wished) ? wished : currencies[0];
  const rows = useMemo(() => totals.filter((total) => total.currency === currency), [totals, currency]);
  const buckets = useMemo(() => rows.map(({ quarter }) => quarter.start), [rows]);
  const series = useMemo(
    (): Series[] => [
      line(
        "actual",
        "Spent",
        "var(--series-1)",
        rows.map(({ actual }) => actual),
      ),
      line(
        "planned",
        "First planned",
        otherColour,
        rows.map(({ planned }) => planned),
      ),
      line(
        "limit",
        "Allowed when it ended",
        "var(--series-2)",
        rows.map(({ limit }) => limit),
      ),
    ],
    [rows],
  );
  if (currency === undefined)
    return <p className="px-4 pb-4 text-sm text-text-2">No period with data ended in this time.</p>;
  const over = rows.filter(({ actual, limit }) => parseDecimal(actual).greaterThan(parseDecimal(limit))).length;
  const label = (bucket: string) => {
    const found = rows.find(({ quarter }) => quarter.start === bucket);
    return found === undefined ? bucket : formatPeriod(found.quarter);
  };
  return (
    <div className="px-4 pb-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Legend series={series} previousLabel={null} onHighlight={setHighlight} />
        {currencies.length > 1 && (
          <Segments
            label="Currency"
            value={currency}
            options={currencies.slice(0, 4).map((one) => ({ value: one, label: one }))}
            onChoose={setWished}
          />
        )}
      </div>
      <TrendChart
        description={`In ${over} of ${rows.length} quarters more was spent than allowed.`}
        buckets={buckets}
        formatBucket={label}
        series={series}
        previous={null}
        incomplete={rows.find(({ quarter }) => quarter.end >= until)?.quarter.start ?? null}
        currency={currency}
        kind="lines"
        highlight={highlight}
        height={240}
      />
    </div>
  );
}

function line(id: string, label: string, colour: string, values: Series["values"]): Series {
  return { id, label, colour, values, isOther: false };
}
