import type { CostDialect, PinnedGeneration } from "./cost-store.ts";
import type { Branch } from "./plan.ts";

/**
 * Periods that are read from one table as one branch, for an engine that keeps them there: it then scans once, however many
 * months a question spans. Whole periods may take the days of those that are cut: all their charges lie within.
 */
export function joinPeriods(branches: readonly Branch[], { sharedPeriod }: CostDialect): readonly Branch[] {
  if (sharedPeriod === null) return branches;
  const joined = new Map<string, Branch>();
  for (const branch of branches) {
    const known = joined.get(branch.table);
    joined.set(branch.table, known === undefined ? branch : both(known, branch));
  }
  return [...joined.values()];
}

function both(one: Branch, other: Branch): Branch {
  return { ...one, generations: [...one.generations, ...other.generations], days: one.days ?? other.days };
}

/** The currency of all rows of these periods, which then need not be grouped by it; null where there are several. */
export function currencyOf(generations: readonly PinnedGeneration[]): string | null {
  const currencies = new Set(generations.map(({ manifest }) => manifest.currency));
  return currencies.size === 1 ? [...currencies][0]! : null;
}
