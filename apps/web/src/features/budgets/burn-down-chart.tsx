import type { BudgetPreview } from "@finops/capabilities/budgets/contract";
import { Legend } from "@finops/ui/charts/legend";
import { otherColour, type Series } from "@finops/ui/charts/series";
import { TrendChart } from "@finops/ui/charts/trend-chart";
import { formatMoney } from "@finops/ui/text/format-figure";
import { useMemo, useState } from "react";
import { bucketLabel } from "../../lib/cost-words.ts";

const formatBucket = (bucket: string, form: "axis" | "full") => bucketLabel(bucket, "day", form);

/** What is left of the limit day by day: as it was, as it is expected, and as it would be, were it spent evenly. */
export function BurnDownChart({ outlook, currency }: { outlook: BudgetPreview; currency: string }) {
  const { burnDown, standing } = outlook;
  const [highlight, setHighlight] = useState<string | null>(null);
  const buckets = useMemo(() => burnDown.map(({ day }) => day), [burnDown]);
  const series = useMemo(
    (): Series[] => [
      line(
        "left",
        "Left",
        "var(--series-1)",
        burnDown.map(({ left }) => left),
      ),
      line(
        "expected",
        "Expected",
        "var(--series-2)",
        burnDown.map(({ expectedLeft }) => expectedLeft),
      ),
      line(
        "even",
        "Spent evenly",
        otherColour,
        burnDown.map(({ evenLeft }) => evenLeft),
      ),
    ],
    [burnDown],
  );
  const limit = standing?.limit ?? null;
  if (limit === null || burnDown.length === 0)
    return <p className="px-4 pb-4 text-sm text-text-2">{standing?.limitMissing ?? "It has no period now."}</p>;
  const left = burnDown.findLast((point) => point.left !== null)?.left ?? limit;
  return (
    <div className="px-4 pb-4">
      <Legend series={series} previousLabel={null} onHighlight={setHighlight} />
      <TrendChart
        description={`Of ${formatMoney(limit, currency)}, ${formatMoney(left, currency)} is left.`}
        buckets={buckets}
        formatBucket={formatBucket}
        series={series}
        previous={null}
        incomplete={null}
        currency={currency}
        kind="lines"
        highlight={highlight}
        height={260}
      />
    </div>
  );
}

function line(id: string, label: string, colour: string, values: Series["values"]): Series {
  return { id, label, colour, values, isOther: false };
}
