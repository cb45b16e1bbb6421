import type { BudgetPerformance } from "@finops/capabilities/budgets/contract";
import { parseDecimal } from "@finops/kernel/decimal";
import { Percent } from "@finops/ui/figures/percent";
import { joinClasses } from "@finops/ui/text/join-classes";
import { formatPeriod } from "@finops/ui/text/format-day";

type Group = BudgetPerformance["groups"][number];

/** Where the FinOps Foundation draws its lines for variance: 12 % of who runs, 20 % of who crawls. */
const [good, fair] = [12, 20];

/** Who met their limits in which quarter: a row for each owner or team and currency. */
export function AccuracyGrid({ groups, by }: { groups: readonly Group[]; by: "owner" | "team" }) {
  if (groups.length === 0) return <p className="px-4 pb-4 text-sm text-text-2">No period ended in this time.</p>;
  const quarters = [...new Map(groups.map(({ quarter }) => [quarter.start, quarter])).values()].toSorted((a, b) =>
    a.start < b.start ? -1 : 1,
  );
  const currencies = new Set(groups.map(({ currency }) => currency));
  const rows = new Map<string, Group[]>();
  for (const group of groups) {
    const key = `${group.group.id} ${group.currency}`;
    rows.set(key, [...(rows.get(key) ?? []), group]);
  }
  return (
    <div className="max-h-80 overflow-auto px-4 pb-4" tabIndex={0} role="group" aria-label="Accuracy by quarter">
      <table className="w-full border-separate border-spacing-1 text-sm">
        <thead>
          <tr className="text-xs text-text-2">
            <th scope="col" className="text-left font-normal">
              {by === "owner" ? "Owner" : "Top budget"}
            </th>
            {quarters.map((quarter) => (
              <th key={quarter.start} scope="col" className="min-w-20 text-right font-normal whitespace-nowrap">
                {formatPeriod(quarter)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows].map(([key, found]) => (
            <tr key={key}>
              <th
                scope="row"
                className="max-w-40 truncate text-left font-medium"
                dir="auto"
                title={found[0]!.group.name}
              >
                {found[0]!.group.name}
                {currencies.size > 1 && <span className="text-text-2"> {found[0]!.currency}</span>}
              </th>
              {quarters.map(({ start }) => (
                <Cell key={start} group={found.find(({ quarter }) => quarter.start === start)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ group }: { group: Group | undefined }) {
  if (group === undefined) return <td className="rounded-sm bg-surface-2" aria-label="No period ended" />;
  const { missPercent, over, periods, noData } = group;
  const miss = missPercent === null ? null : parseDecimal(missPercent);
  const tone =
    miss === null
      ? "bg-surface-2"
      : miss.lessThanOrEqualTo(good)
        ? "bg-positive-soft"
        : miss.lessThanOrEqualTo(fair)
          ? "bg-warning-soft"
          : "bg-negative-soft";
  const counted = periods === 0 ? "No data" : `${over} of ${periods} over`;
  return (
    <td
      className={joinClasses("rounded-sm px-2 py-1 text-right", tone)}
      title={noData === 0 ? undefined : `${noData} without data`}
    >
      <Percent
        ratio={miss?.dividedBy(100).toString() ?? null}
        missing={periods === 0 ? "There is no data." : "The limits come to nothing."}
      />
      <span className="block text-xs whitespace-nowrap text-text-2">{counted}</span>
    </td>
  );
}
