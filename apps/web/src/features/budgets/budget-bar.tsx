import type { Budget } from "@finops/capabilities/budgets/contract";
import { parseDecimal } from "@finops/kernel/decimal";
import { joinClasses } from "@finops/ui/text/join-classes";
import { formatPercent } from "@finops/ui/text/format-figure";

const fills = {
  "no-limit": "bg-surface-3",
  "no-data": "bg-surface-3",
  "on-track": "bg-positive",
  "at-risk": "bg-warning",
  exceeded: "bg-negative",
};

/** What is spent of the limit, and, lighter, what is expected; the line is the limit. */
export function BudgetBar({ standing }: { standing: NonNullable<Budget["standing"]> }) {
  const { actual, expected, limit, state } = standing;
  const spent = shareOf(actual, limit);
  const whole = Math.max(1, spent ?? 0, shareOf(expected, limit) ?? 0);
  const width = (share: number | null) => `${Math.max(0, Math.min(1, (share ?? 0) / whole)) * 100}%`;
  return (
    <div
      role="img"
      aria-label={
        spent === null ? "No share of the limit can be told" : `${formatPercent(String(spent))} of the limit is spent`
      }
      className="relative h-2 w-full overflow-hidden rounded-full bg-surface-3"
    >
      <div
        className={joinClasses("absolute inset-y-0 left-0 opacity-35", fills[state])}
        style={{ width: width(shareOf(expected, limit)) }}
      />
      <div className={joinClasses("absolute inset-y-0 left-0", fills[state])} style={{ width: width(spent) }} />
      {whole > 1 && <div className="absolute inset-y-0 w-0.5 bg-text-1" style={{ left: `${100 / whole}%` }} />}
    </div>
  );
}

/** For a picture alone, which is no more exact than its pixels. */
function shareOf(amount: string | null, limit: string | null): number | null {
  if (amount === null || limit === null) return null;
  const whole = parseDecimal(limit);
  return whole.isZero() || whole.isNegative() ? null : Number(parseDecimal(amount).dividedBy(whole).toFixed(6));
}
