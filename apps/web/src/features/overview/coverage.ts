import { addDays, type Day, daysIn, type Period } from "@finops/kernel/period";
import type { Answered } from "./use-overview.ts";

/** A bill that has charges on some days of a period and none on others. */
export interface Gap {
  /** Provider and billing account. */
  provider: string;
  account: string;
  missing: number;
  of: number;
  /** The first day of the period without charges. */
  since: Day;
  /** None on the last days: it may still come in. */
  isLate: boolean;
}

/** How many bills there are, and which of them lack days. Today is not expected to be there. */
export function findGaps(coverage: Answered, today: Day): { bills: number; gaps: Gap[] } {
  const { period } = coverage.view;
  const days = new Map<string, Set<Day>>();
  for (const row of coverage.answer.rows) {
    if (row.time === null) continue;
    const key = JSON.stringify([row.key["providerName"] ?? "", row.key["billingAccountId"] ?? ""]);
    const known = days.get(key) ?? new Set<Day>();
    known.add(row.time.slice(0, 10));
    days.set(key, known);
  }
  const asked = heldTo(period, today);
  const gaps = [...days].flatMap(([key, known]): Gap[] => {
    const [provider, account] = JSON.parse(key) as [string, string];
    // A bill that begins or ends in the period has its days from then on; what comes by the month has a few days by nature.
    const first = [...known].toSorted()[0]!;
    const expected = daysOf({ start: first, end: asked.end });
    const missing = expected.filter((day) => !known.has(day));
    if (missing.length === 0 || known.size * 2 < expected.length) return [];
    const last = [...known].toSorted().at(-1)!;
    return [
      {
        provider,
        account,
        missing: missing.length,
        of: expected.length,
        since: missing[0]!,
        isLate: missing[0]! > last,
      },
    ];
  });
  return { bills: days.size, gaps: gaps.toSorted((a, b) => b.missing - a.missing) };
}

function heldTo(period: Period, today: Day): Period {
  return { start: period.start, end: period.end > today ? today : period.end };
}

function daysOf(period: Period): Day[] {
  return Array.from({ length: Math.max(0, daysIn(period)) }, (_, index) => addDays(period.start, index));
}
