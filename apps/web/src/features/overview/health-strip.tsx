import type { ExpectedCost } from "@finops/capabilities/forecasting/contract";
import type { Day } from "@finops/kernel/period";
import { Count } from "@finops/ui/figures/count";
import { formatDay, formatInstant, formatPeriod } from "@finops/ui/text/format-day";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { findGaps, type Gap } from "./coverage.ts";
import { type Answered, useCoverage, useFailedImports } from "./use-overview.ts";
import type { OverviewView } from "./overview-view.ts";

interface HealthStripProps {
  totals: Answered | undefined;
  expected: ExpectedCost | undefined;
  view: OverviewView;
  today: Day;
}

const shownMax = 4;

/** What the figures rest on, and what of it is missing: said at the foot of the page, bill by bill. */
export function HealthStrip({ totals, expected, view, today }: HealthStripProps) {
  const coverage = useCoverage(view);
  const failed = useFailedImports();
  const found = coverage.data === undefined ? null : findGaps(coverage.data, today);
  const late = expected?.late ?? [];
  return (
    <section
      id="data-health"
      aria-label="Data health"
      className="scroll-mt-20 rounded-lg border border-line bg-surface-1 px-4 py-3 text-sm"
    >
      <h2 className="text-base font-semibold">Data health</h2>
      <ul className="mt-1 space-y-1">
        {found !== null && found.gaps.length === 0 && found.bills > 0 && (
          <Line icon={<CircleCheck size={14} aria-hidden className="text-positive" />}>
            Every one of the <Count of={found.bills} /> billing accounts has charges on every day of{" "}
            {formatPeriod(coverage.data!.view.period)} since its first.
          </Line>
        )}
        {found?.gaps.slice(0, shownMax).map((gap) => (
          <GapLine key={`${gap.provider} ${gap.account}`} gap={gap} />
        ))}
        {found !== null && found.gaps.length > shownMax && (
          <Line icon={<TriangleAlert size={14} aria-hidden className="text-warning" />}>
            and <Count of={found.gaps.length - shownMax} /> more billing accounts lack days.
          </Line>
        )}
        {late.length > 0 && (
          <Line icon={<CircleDashed size={14} aria-hidden className="text-text-3" />}>
            The last days of{" "}
            {late
              .slice(0, 3)
              .map(({ service }) => service ?? "services that are not named")
              .join(", ")}
            {late.length > 3 && ` and ${late.length - 3} more services`} are not in yet; the expected month end counts
            them by their pattern.
          </Line>
        )}
        {failed.data !== undefined && failed.data.length > 0 && (
          <Line icon={<TriangleAlert size={14} aria-hidden className="text-negative" />}>
            <Count of={failed.data.length} /> of the latest imports failed.{" "}
            <Link to="/bills" className="text-accent underline">
              See why
            </Link>
          </Line>
        )}
      </ul>
      {totals !== undefined && (
        <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-text-2">
          {totals.answer.meta.freshAt !== null && <span>Published {formatInstant(totals.answer.meta.freshAt)}</span>}
          <span>
            <Count of={totals.answer.meta.versions.length} /> versions of bills,{" "}
            <Count of={totals.answer.meta.rowsRead} /> rows read in {totals.answer.meta.durationMs} ms
          </span>
          <span>Days are UTC, by the day of the charge</span>
        </p>
      )}
    </section>
  );
}

function GapLine({ gap: { provider, account, missing, of, since, isLate } }: { gap: Gap }) {
  return (
    <Line icon={<TriangleAlert size={14} aria-hidden className="text-warning" />}>
      <Count of={missing} /> of <Count of={of} /> days {isLate ? "not in yet" : "missing"} from{" "}
      <bdi className="font-medium">
        {provider} {account}
      </bdi>
      , since {formatDay(since, "day")}.
    </Line>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-start gap-2">
      <span className="mt-[3px] shrink-0">{icon}</span>
      <span className="min-w-0 break-words text-text-2">{children}</span>
    </li>
  );
}
