import type { DatasetPeriod, SourceCompleteness } from "@finops/capabilities/sources/contract";
import type { Day } from "@finops/kernel/period";
import { Count } from "@finops/ui/figures/count";
import { Money } from "@finops/ui/figures/money";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { formatAgo, formatDay, formatInstant } from "@finops/ui/text/format-day";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { serverClock } from "../../lib/server-clock.ts";
import { useMay } from "../../lib/session.ts";
import type { ChangeSearch } from "./bills-search.ts";
import { ListSkeleton } from "./list-skeleton.tsx";
import { MonthLegend, MonthSquares } from "./month-squares.tsx";
import { RollbackDialog } from "./rollback-dialog.tsx";
import { sourceRows, type VersionSummary } from "./source-months.ts";
import { useCompleteness, useDatasets } from "./use-bills.ts";

interface SourceViewProps {
  source: string;
  /** The month whose earlier versions are unfolded. */
  open: Day | undefined;
  onChange: ChangeSearch;
  onOpen: ChangeSearch;
}

/** One source: its months, and of each month every version that was ever published. */
export function SourceView({ source, open, onChange, onOpen }: SourceViewProps) {
  const datasets = useDatasets();
  return (
    <Async of={datasets} name="The source" skeleton={<ListSkeleton />}>
      {(periods) => <History periods={periods} source={source} open={open} onChange={onChange} onOpen={onOpen} />}
    </Async>
  );
}

interface Entry {
  period: DatasetPeriod;
  version: VersionSummary;
}

function History({ periods, source, open, onChange, onOpen }: SourceViewProps & { periods: readonly DatasetPeriod[] }) {
  const mayRollBack = useMay("imports:write");
  const [asked, setAsked] = useState<DatasetPeriod | null>(null);
  const completeness = useCompleteness();
  const row = sourceRows(periods, serverClock.today(), completeness.data).find((one) => one.key === source);
  const entries = periods.flatMap((period) =>
    period.versions.filter((version) => version.source === source).map((version): Entry => ({ period, version })),
  );
  const [first] = entries;
  if (first === undefined)
    return (
      <Notice
        tone="info"
        title="There is no such source, or nothing of it was published."
        action={<Button onClick={() => onOpen({})}>All bills</Button>}
      />
    );
  const months = [...new Set(entries.map(({ period }) => period.billingPeriod))].toSorted().toReversed();
  return (
    <div className="space-y-4 pb-6">
      <Card title={<span dir="auto">{first.version.sourceName}</span>} about={first.version.formatName}>
        <div className="space-y-3 px-4 pb-4">
          {row === undefined ? (
            <Notice tone="info" title="Nothing of this source is current now.">
              Other versions took its place; they stand below.
            </Notice>
          ) : (
            <>
              <div className="overflow-x-auto p-1" role="region" aria-label="Its months" tabIndex={0}>
                <MonthSquares months={row.months} onOpen={(version) => onOpen({ version })} />
              </div>
              <MonthLegend />
              <Lateness of={completeness.data?.find((one) => one.source === source)} />
            </>
          )}
        </div>
      </Card>
      <Card title="Months and versions" about="What was once published is kept and can be made current again.">
        <ul className="divide-y divide-line pb-2">
          {months.map((month) => {
            const ofMonth = entries.filter(({ period }) => period.billingPeriod === month);
            const [newest, ...earlier] = ofMonth;
            const isOpen = open === month;
            return (
              <li key={month} className="px-4 py-2">
                <Line entry={newest!} isHead onOpen={onOpen}>
                  {earlier.length > 0 && (
                    <Button
                      kind="quiet"
                      aria-expanded={isOpen}
                      onClick={() => onChange({ period: isOpen ? undefined : month })}
                    >
                      {earlier.length} earlier
                    </Button>
                  )}
                </Line>
                {isOpen &&
                  earlier.map((entry) => (
                    <Line key={entry.period.position} entry={entry} onOpen={onOpen}>
                      {mayRollBack && (
                        <Button
                          kind="quiet"
                          icon={<RotateCcw size={16} aria-hidden />}
                          onClick={() => setAsked(entry.period)}
                        >
                          Make current
                        </Button>
                      )}
                    </Line>
                  ))}
              </li>
            );
          })}
        </ul>
      </Card>
      <RollbackDialog entry={asked} onClose={() => setAsked(null)} />
    </div>
  );
}

/** Until when there is usage, and whether the next delivery should have come. */
function Lateness({ of }: { of: SourceCompleteness | undefined }) {
  if (of === undefined) return null;
  const { lastDay, usualIntervalDays, lateSince } = of;
  return (
    <p className="text-sm text-text-2">
      {lastDay !== null && `Usage until ${formatDay(lastDay)}. `}
      {usualIntervalDays !== null &&
        `Something comes every ${usualIntervalDays === 1 ? "day" : `${usualIntervalDays} days`}, usually. `}
      {lateSince !== null && (
        <span className="text-warning">
          Late since {formatDay(lateSince.slice(0, 10))}: look whether its export still runs, and import what it wrote.
        </span>
      )}
    </p>
  );
}

function Line({
  entry: { period, version },
  isHead = false,
  onOpen,
  children,
}: {
  entry: Entry;
  isHead?: boolean;
  onOpen: ChangeSearch;
  children?: React.ReactNode;
}) {
  return (
    <div
      className={`grid items-center gap-x-4 gap-y-1 text-sm sm:grid-cols-[minmax(9rem,1fr)_minmax(8rem,auto)_minmax(5rem,auto)_minmax(9rem,auto)] ${isHead ? "" : "border-t border-line bg-surface-2 py-1 pl-4"}`}
    >
      <div className="min-w-0">
        <button
          type="button"
          className="cursor-pointer rounded-sm text-left font-medium text-accent hover:underline"
          onClick={() => onOpen({ version: version.id })}
        >
          {isHead ? formatDay(period.billingPeriod, "month") : `Version ${version.number}`}
        </button>
        <p className="text-xs text-text-2" title={`${formatInstant(period.publishedAt)} by ${period.actor}`}>
          {isHead && `Version ${version.number}, `}
          {period.kind === "rollback" ? "rolled back" : "published"} {formatAgo(period.publishedAt, serverClock.now())}
          {version.rowsRejected > 0 && <span className="text-negative">, with rejected rows</span>}
        </p>
      </div>
      <div className="sm:text-right">
        {Object.entries(version.totals).map(([currency, total]) => (
          <span key={currency} className="block">
            <Money amount={total.billedCost} currency={currency} />
          </span>
        ))}
      </div>
      <div className="text-text-2 sm:text-right">
        <Count of={version.rows} /> <span className="text-xs">rows</span>
      </div>
      <div className="sm:text-right">{children}</div>
    </div>
  );
}
