import { systemClock } from "@finops/kernel/clock";
import { addDays, type Period } from "@finops/kernel/period";
import { Count } from "@finops/ui/figures/count";
import { formatAgo, formatDay, formatInstant } from "@finops/ui/text/format-day";
import type { Answered } from "./use-costs.ts";

/** What the figures rest on: how far the data reaches, when it was published, and what was read for it. */
export function Freshness({ groups, available }: { groups: Answered | undefined; available: Period }) {
  if (groups === undefined) return null;
  const { meta } = groups.answer;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 pb-4 text-xs text-text-2">
      <span>Data to {formatDay(addDays(available.end, -1))}</span>
      {meta.freshAt !== null && (
        <span title={formatInstant(meta.freshAt)}>Published {formatAgo(meta.freshAt, systemClock.now())}</span>
      )}
      <span>
        <Count of={meta.versions.length} /> bill versions, <Count of={meta.rowsRead} /> rows read in {meta.durationMs}{" "}
        ms
      </span>
      <span>Days are UTC, by charge date</span>
    </p>
  );
}
