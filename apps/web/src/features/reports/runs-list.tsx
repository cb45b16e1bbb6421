import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { Link } from "@tanstack/react-router";
import { useRuns } from "./use-runs.ts";

/** What the report said, each time that it was told. */
export function RunsList({ id }: { id: string }) {
  const runs = useRuns(id);
  return (
    <section aria-label="Runs" className="min-w-0 rounded-lg border border-line bg-surface-1">
      <h2 className="px-4 pt-3 text-base font-semibold">Runs</h2>
      <p className="px-4 pb-2 text-xs text-text-2">Each is kept as it was told.</p>
      <Async
        of={runs}
        name="The runs"
        skeleton={<Skeleton className="mx-4 mb-3 h-16" />}
        isEmpty={(list) => list.length === 0}
        empty={<p className="px-4 pb-3 text-sm text-text-2">None yet. Run it to keep what it says now.</p>}
      >
        {(list) => (
          <ol className="max-h-[60dvh] overflow-y-auto pb-1">
            {list.map((run) => (
              <li key={run.id} className="border-t border-line">
                <Link
                  to="/reports/$id/runs/$number"
                  params={{ id, number: String(run.number) }}
                  className="flex items-baseline gap-3 px-4 py-2 -outline-offset-2 hover:bg-surface-2"
                >
                  <span className="font-medium text-accent">Run {run.number}</span>
                  <span className="min-w-0 flex-1 truncate text-right text-xs text-text-2" dir="auto">
                    {formatInstant(run.ranAt)}, {run.ranBy.name}
                  </span>
                </Link>
              </li>
            ))}
          </ol>
        )}
      </Async>
    </section>
  );
}
