import type { DatasetPeriod, ImportJob } from "@finops/capabilities/sources/contract";
import { Button } from "@finops/ui/primitives/button";
import { formatAgo, formatInstant } from "@finops/ui/text/format-day";
import { formatCount } from "@finops/ui/text/format-figure";
import { RefreshCw } from "lucide-react";
import { serverClock } from "../../lib/server-clock.ts";
import type { ChangeSearch } from "./bills-search.ts";
import { MonthLegend, MonthSquares } from "./month-squares.tsx";
import { type SourceRow, sourceRows } from "./source-months.ts";
import { isActive, useCompleteness, useReprocess } from "./use-bills.ts";

interface SourceListProps {
  periods: readonly DatasetPeriod[];
  jobs: readonly ImportJob[];
  mayImport: boolean;
  onOpen: ChangeSearch;
}

/** The sources as rows: how fresh each is, which months it has, how its last run went, and what can be done. */
export function SourceList({ periods, jobs, mayImport, onOpen }: SourceListProps) {
  const completeness = useCompleteness();
  const rows = sourceRows(periods, serverClock.today(), completeness.data);
  return (
    <div className="px-4 pb-4">
      <ul aria-label="Sources" className="divide-y divide-line">
        {rows.map((row) => (
          <li
            key={row.key}
            className="grid items-center gap-x-6 gap-y-2 py-2.5 lg:grid-cols-[minmax(12rem,20rem)_minmax(0,1fr)_auto_auto]"
          >
            <SourceName row={row} onOpen={() => onOpen({ source: row.key })} />
            <div
              ref={showNewest}
              className="-m-1 overflow-x-auto p-1"
              role="region"
              aria-label={`Months of ${row.name}`}
              tabIndex={0}
            >
              <MonthSquares months={row.months} onOpen={(version) => onOpen({ version })} />
            </div>
            <LastRun row={row} jobs={jobs} />
            {mayImport && <Reprocess row={row} isBusy={jobs.some(isActive)} />}
          </li>
        ))}
      </ul>
      <div className="mt-3 border-t border-line pt-3">
        <MonthLegend />
      </div>
    </div>
  );
}

/** Where there is no room for all months, the oldest are those to scroll to. */
function showNewest(strip: HTMLElement | null): void {
  if (strip !== null) strip.scrollLeft = strip.scrollWidth;
}

function SourceName({ row, onOpen }: { row: SourceRow; onOpen: () => void }) {
  return (
    <div className="min-w-0">
      <button
        type="button"
        dir="auto"
        title={row.name}
        className="block max-w-full cursor-pointer truncate rounded-sm text-left text-sm font-medium text-accent hover:underline"
        onClick={onOpen}
      >
        {row.name}
      </button>
      <p className="truncate text-xs text-text-2">
        {row.formatName} · {formatCount(row.rows)} rows
        {row.missing > 0 && (
          <span className="text-warning">
            {" "}
            · {row.missing === 1 ? "1 month missing" : `${formatCount(row.missing)} months missing`}
          </span>
        )}
        {row.missingDays > 0 && (
          <span className="text-warning">
            {" "}
            · {row.missingDays === 1 ? "1 day missing" : `${formatCount(row.missingDays)} days missing`}
          </span>
        )}
        {row.isLate && <span className="text-warning"> · late</span>}
      </p>
    </div>
  );
}

function LastRun({ row, jobs }: { row: SourceRow; jobs: readonly ImportJob[] }) {
  const last = jobs.find((job) => job.reports.some((report) => report.source === row.key));
  const report = last?.reports.find((one) => one.source === row.key);
  return (
    // As wide in every row, or the months of one stand beside those of another.
    <p className="text-xs text-text-2 lg:w-40 lg:text-right" title={formatInstant(row.freshAt)}>
      Fresh {formatAgo(row.freshAt, serverClock.now())}
      {report !== undefined && (
        <span className="block">
          {report.unchanged
            ? "Last run: nothing new"
            : `Last run: ${formatCount(report.rowsPublished)} rows${report.rowsRejected > 0 ? `, ${formatCount(report.rowsRejected)} rejected` : ""}`}
        </span>
      )}
    </p>
  );
}

function Reprocess({ row, isBusy }: { row: SourceRow; isBusy: boolean }) {
  const reprocess = useReprocess();
  return (
    <Button
      kind="quiet"
      icon={<RefreshCw size={16} aria-hidden />}
      disabled={isBusy || reprocess.isPending}
      title="Runs today's mapping over the bills that this source brought before"
      aria-label={`Read the bills of ${row.name} again`}
      onClick={() => reprocess.mutate(row.key)}
    >
      Read again
    </Button>
  );
}
