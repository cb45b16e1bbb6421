import type { DatasetPeriod } from "@finops/capabilities/sources/contract";
import { systemClock } from "@finops/kernel/clock";
import { decimal, sum } from "@finops/kernel/decimal";
import { Count } from "@finops/ui/figures/count";
import { Money } from "@finops/ui/figures/money";
import { Button } from "@finops/ui/primitives/button";
import { formatAgo, formatDay, formatInstant } from "@finops/ui/text/format-day";
import { History, RotateCcw } from "lucide-react";
import { Fragment, type ReactNode } from "react";

interface PublicationLogProps {
  periods: readonly DatasetPeriod[];
  /** The billing period whose history is unfolded. */
  open: string | undefined;
  onOpen: (period: string | undefined) => void;
  /** Null where the person may not roll back. */
  onRollback: ((entry: DatasetPeriod) => void) | null;
}

const cell = "h-9 py-1 border-b border-line px-4 align-middle";
const head = "h-8 border-b border-line px-4 text-xs font-medium whitespace-nowrap text-text-2";

/** Per billing period what is current, and behind it what was: nothing that was ever shown is lost. */
export function PublicationLog({ periods, open, onOpen, onRollback }: PublicationLogProps) {
  const current = periods
    .filter((period) => period.isCurrent)
    .toSorted((a, b) => b.billingPeriod.localeCompare(a.billingPeriod));
  return (
    <div role="region" aria-label="Published periods" tabIndex={0} className="relative overflow-x-auto">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th scope="col" className={`${head} text-left`}>
              Billing period
            </th>
            <th scope="col" className={`${head} text-left max-lg:hidden`}>
              Sources
            </th>
            <th scope="col" className={`${head} text-right max-md:hidden`}>
              Rows
            </th>
            <th scope="col" className={`${head} text-right`}>
              Billed cost
            </th>
            <th scope="col" className={`${head} text-right max-md:hidden`}>
              Effective cost
            </th>
            <th scope="col" className={`${head} text-right max-xl:hidden`}>
              Published
            </th>
            <th scope="col" className={head}>
              <span className="sr-only">History</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {current.map((period) => {
            const earlier = periods.filter((entry) => entry.billingPeriod === period.billingPeriod && !entry.isCurrent);
            const isOpen = open === period.billingPeriod;
            return (
              <Fragment key={period.billingPeriod}>
                <Entry entry={period} name={formatDay(period.billingPeriod, "month")}>
                  {earlier.length > 0 && (
                    <Button
                      kind="quiet"
                      icon={<History size={16} aria-hidden />}
                      aria-expanded={isOpen}
                      onClick={() => onOpen(isOpen ? undefined : period.billingPeriod)}
                    >
                      {earlier.length} earlier
                    </Button>
                  )}
                </Entry>
                {isOpen &&
                  earlier.map((entry) => (
                    <Entry
                      key={entry.position}
                      entry={entry}
                      name={`${kindLabel(entry)}, ${formatInstant(entry.publishedAt)}`}
                      isEarlier
                    >
                      {onRollback !== null && (
                        <Button
                          kind="quiet"
                          icon={<RotateCcw size={16} aria-hidden />}
                          onClick={() => onRollback(entry)}
                        >
                          Make current
                        </Button>
                      )}
                    </Entry>
                  ))}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Entry({
  entry,
  name,
  isEarlier = false,
  children,
}: {
  entry: DatasetPeriod;
  name: string;
  isEarlier?: boolean;
  children: ReactNode;
}) {
  const sources = entry.versions.map((version) => `${version.sourceName} (version ${version.number})`).join(", ");
  return (
    <tr className={isEarlier ? "bg-surface-2 text-text-2" : "hover:bg-surface-2"}>
      <th
        scope="row"
        className={`${cell} text-left font-normal ${isEarlier ? "pl-8" : "font-medium whitespace-nowrap"}`}
      >
        {name}
      </th>
      <td className={`${cell} w-full max-w-0 min-w-40 truncate text-text-2 max-lg:hidden`} title={sources} dir="auto">
        {sources === "" ? "nothing" : sources}
      </td>
      <td className={`${cell} text-right max-md:hidden`}>
        <Count of={entry.versions.reduce((rows, version) => rows + version.rows, 0)} />
      </td>
      <td className={`${cell} text-right`}>
        <Totals entry={entry} column="billedCost" />
      </td>
      <td className={`${cell} text-right max-md:hidden`}>
        <Totals entry={entry} column="effectiveCost" />
      </td>
      <td
        className={`${cell} text-right whitespace-nowrap text-text-2 max-xl:hidden`}
        title={`${formatInstant(entry.publishedAt)} by ${entry.actor}${entry.note === "" ? "" : `: ${entry.note}`}`}
      >
        {formatAgo(entry.publishedAt, systemClock.now())}
      </td>
      <td className={`${cell} text-right`}>{children}</td>
    </tr>
  );
}

/** One line per currency: currencies are never added. */
function Totals({ entry, column }: { entry: DatasetPeriod; column: "billedCost" | "effectiveCost" }) {
  const currencies = [...new Set(entry.versions.flatMap((version) => Object.keys(version.totals)))].toSorted();
  return currencies.map((currency) => (
    <span key={currency} className="block">
      <Money
        amount={sum(entry.versions.map((version) => decimal(version.totals[currency]?.[column] ?? "0"))).toString()}
        currency={currency}
      />
    </span>
  ));
}

function kindLabel(entry: DatasetPeriod): string {
  return entry.kind === "rollback" ? "Rolled back" : "Published";
}
