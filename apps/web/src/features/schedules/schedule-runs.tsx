import { Badge } from "@finops/ui/primitives/badge";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatBytes } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { runsQuery } from "./schedule-queries.ts";
import { instantWords, runProblem, runWords } from "./schedule-words.ts";

const shownMax = 20;

/** What a schedule sent, the newest first. */
export function ScheduleRuns({ id }: { id: string }) {
  const runs = useQuery(runsQuery(id));
  return (
    <Async
      of={runs}
      name="What was sent"
      skeleton={<Skeleton className="h-20 w-full" />}
      isEmpty={(all) => all.length === 0}
      empty={<p className="text-sm text-text-2">Nothing was sent yet.</p>}
    >
      {(all) => (
        <ul aria-label="What was sent" className="divide-y divide-line rounded-lg border border-line">
          {all.slice(0, shownMax).map((run) => {
            const { label, tone } = runWords[run.state];
            const problem = runProblem(run);
            return (
              <li key={run.id} className="px-3 py-2 text-sm">
                <div className="flex flex-wrap items-center justify-between gap-2">
                  <span>{instantWords(run.slot ?? run.begunAt)}</span>
                  <Badge tone={tone}>{label}</Badge>
                </div>
                <p className="text-xs text-text-2" dir="auto">
                  {run.slot === null ? "By hand" : "On schedule"}
                  {run.missed > 0 && `, ${run.missed} before it were missed`}
                  {run.bytes !== null && `, ${formatBytes(run.bytes)}`}
                  {run.deliveries.length > 0 && `, to ${run.deliveries.map(({ to }) => to).join(", ")}`}
                </p>
                {problem !== null && (
                  <p className="text-xs text-negative" dir="auto">
                    {problem}
                  </p>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Async>
  );
}
