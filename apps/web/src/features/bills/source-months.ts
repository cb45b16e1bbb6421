import type { DatasetPeriod, SourceCompleteness } from "@finops/capabilities/sources/contract";
import { addMonths, type Day } from "@finops/kernel/period";

export type VersionSummary = DatasetPeriod["versions"][number];

export type MonthState = "complete" | "running" | "restated" | "rejected" | "gaps" | "missing" | "outside";

export interface SourceMonth {
  month: Day;
  state: MonthState;
  version: VersionSummary | null;
  /** Days on which it should have usage, and has none. */
  missingDays: readonly Day[];
}

export interface SourceRow {
  key: string;
  name: string;
  formatName: string;
  /** When something of it was published last. */
  freshAt: string;
  months: readonly SourceMonth[];
  rows: number;
  /** Months between its first and its last that it does not have. */
  missing: number;
  missingDays: number;
  isLate: boolean;
}

/** Three years fit on a screen; what is older stands with the source. */
const monthsMax = 36;

/** Every source with what it has of each month, those first that were fresh last. */
export function sourceRows(
  periods: readonly DatasetPeriod[],
  today: Day,
  completeness: readonly SourceCompleteness[] = [],
): SourceRow[] {
  const current = periods.filter((period) => period.isCurrent);
  const months = monthsBetween(current.map((period) => period.billingPeriod));
  const keys = [...new Set(current.flatMap((period) => period.versions.map((version) => version.source)))];
  return keys
    .map((key) => {
      const own = current.flatMap((period) =>
        period.versions
          .filter((version) => version.source === key)
          .map((version) => ({ month: period.billingPeriod, at: period.publishedAt, version })),
      );
      const known = own.map(({ month }) => month).toSorted();
      const lacks = completeness.find(({ source }) => source === key);
      const strip = months.map((month): SourceMonth => {
        const version = own.find((one) => one.month === month)?.version ?? null;
        const isWithin = month >= known[0]! && month <= known.at(-1)!;
        const missingDays = lacks?.months.find(({ billingPeriod }) => billingPeriod === month)?.missingDays ?? [];
        return { month, version, missingDays, state: stateOf(version, month, { isWithin, missingDays, today }) };
      });
      const { version: newest } = own.toSorted((a, b) => b.version.createdAt.localeCompare(a.version.createdAt))[0]!;
      return {
        key,
        name: newest.sourceName,
        formatName: newest.formatName,
        freshAt: newest.createdAt,
        months: strip,
        rows: own.reduce((sum, { version }) => sum + version.rows, 0),
        missing: strip.filter((month) => month.state === "missing").length,
        missingDays: strip.reduce((sum, { missingDays }) => sum + missingDays.length, 0),
        isLate: lacks !== undefined && lacks.lateSince !== null,
      };
    })
    .toSorted((a, b) => b.freshAt.localeCompare(a.freshAt) || a.name.localeCompare(b.name));
}

function stateOf(
  version: VersionSummary | null,
  month: Day,
  { isWithin, missingDays, today }: { isWithin: boolean; missingDays: readonly Day[]; today: Day },
): MonthState {
  if (version === null) return isWithin ? "missing" : "outside";
  if (version.rowsRejected > 0) return "rejected";
  if (missingDays.length > 0) return "gaps";
  if (addMonths(month, 1) > today) return "running";
  return version.number > 1 ? "restated" : "complete";
}

function monthsBetween(known: readonly Day[]): Day[] {
  const sorted = known.toSorted();
  const months: Day[] = [];
  for (let month = sorted[0]; month !== undefined && month <= sorted.at(-1)!; month = addMonths(month, 1))
    months.push(month);
  return months.slice(-monthsMax);
}

export const monthWords: Record<MonthState, string> = {
  complete: "complete",
  running: "not over yet",
  restated: "restated",
  rejected: "has rejected rows",
  gaps: "lacks days",
  missing: "missing",
  outside: "nothing expected",
};
