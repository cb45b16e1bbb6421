import type { DatasetPeriod } from "@finops/capabilities/sources/contract";
import { addMonths } from "@finops/kernel/period";
import { formatDay } from "@finops/ui/text/format-day";
import { joinClasses } from "@finops/ui/text/join-classes";

/** Which months each source has, as a strip of squares: a gap is seen before it is missed. */
export function Coverage({ current }: { current: readonly DatasetPeriod[] }) {
  const months = monthsOf(current);
  const sources = [
    ...new Map(current.flatMap((period) => period.versions.map((version) => [version.source, version.sourceName]))),
  ];
  if (months.length === 0) return null;
  return (
    <div
      className="relative overflow-x-auto px-4 pb-3"
      role="region"
      aria-label="Months that each source has"
      tabIndex={0}
    >
      <table className="text-sm">
        <tbody>
          {sources.map(([source, name]) => {
            const versions = new Map(
              current.flatMap((period) =>
                period.versions.filter((one) => one.source === source).map((one) => [period.billingPeriod, one.number]),
              ),
            );
            const known = [...versions.keys()].toSorted();
            return (
              <tr key={source}>
                <th scope="row" className="max-w-64 truncate py-1 pr-4 text-left font-normal" title={source} dir="auto">
                  {name}
                </th>
                {months.map((month) => (
                  <Month
                    key={month}
                    month={month}
                    version={versions.get(month)}
                    isWithin={month >= known[0]! && month <= known.at(-1)!}
                  />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="mt-2 text-xs text-text-2">
        {formatDay(months[0]!, "month-short")} to {formatDay(months.at(-1)!, "month-short")}. Filled: there. Outlined:
        restated. Dashed: missing.
      </p>
    </div>
  );
}

/** A month is missing only between the first and the last that a source has; outside of them it did not exist. */
function Month({ month, version, isWithin }: { month: string; version: number | undefined; isWithin: boolean }) {
  const state =
    version === undefined
      ? isWithin
        ? "missing"
        : "nothing expected"
      : version > 1
        ? `restated, version ${version}`
        : "complete";
  const look =
    version === undefined
      ? isWithin
        ? "border border-dashed border-warning"
        : "scale-25 bg-line-strong"
      : version > 1
        ? "border-2 border-accent bg-accent-soft"
        : "bg-accent";
  return (
    <td className="p-0.5" aria-label={`${formatDay(month, "month-short")}: ${state}`}>
      <span
        title={`${formatDay(month, "month-short")}: ${state}`}
        className={joinClasses("block size-4 rounded-[3px]", look)}
      />
    </td>
  );
}

function monthsOf(current: readonly DatasetPeriod[]): string[] {
  const known = current.map((period) => period.billingPeriod).toSorted();
  const months: string[] = [];
  for (let month = known[0]; month !== undefined && month <= known.at(-1)!; month = addMonths(month, 1))
    months.push(month);
  // Three years fit on a screen; what is older stands in the list below.
  return months.slice(-36);
}
