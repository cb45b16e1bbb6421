import type { Series } from "@finops/ui/charts/series";
import { Money } from "@finops/ui/figures/money";

interface TrendTableProps {
  label: string;
  series: readonly Series[];
  buckets: readonly string[];
  formatBucket: (bucket: string) => string;
  currency: string;
}

/** The chart as its figures. */
export function TrendTable({ label, series, buckets, formatBucket, currency }: TrendTableProps) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="relative max-h-[330px] overflow-auto">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky top-0 left-0 z-20 h-8 border-b border-line bg-surface-1 px-4 text-left text-xs font-medium whitespace-nowrap text-text-2"
            >
              Period
            </th>
            {series.map((one) => (
              <th
                key={one.id}
                scope="col"
                title={one.label}
                className="sticky top-0 z-10 h-8 max-w-44 truncate border-b border-line bg-surface-1 px-3 text-right text-xs font-medium text-text-2"
                dir="auto"
              >
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket, index) => (
            <tr key={bucket} className="hover:bg-surface-2">
              <th
                scope="row"
                className="sticky left-0 h-8 border-b border-line bg-surface-1 px-4 text-left font-normal whitespace-nowrap"
              >
                {formatBucket(bucket)}
              </th>
              {series.map((one) => (
                <td key={one.id} className="h-8 border-b border-line px-3 text-right">
                  <Money amount={one.values[index] ?? null} currency={currency} missing="No cost." />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
