import { Badge } from "@finops/ui/primitives/badge";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay, formatInstant, formatPeriod } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { commentsQuery, historyQuery } from "./budget-queries.ts";
import { amountWords, stateWords } from "./budget-words.ts";
import { CommentForm } from "./comment-form.tsx";

/** What the budget was and why it changed, and when it came into another state. */
export function BudgetPast({ id, currency }: { id: string; currency: string }) {
  const history = useQuery(historyQuery(id));
  return (
    <Card title="History">
      <div className="px-4 pb-4">
        <Async of={history} name="The history" skeleton={<Skeleton className="h-24 w-full" />}>
          {({ versions, stateChanges }) => (
            <>
              <ul aria-label="States" className="divide-y divide-line text-sm">
                {stateChanges.map((one) => (
                  <li key={`${one.period.start} ${one.at}`} className="flex flex-wrap items-center gap-2 py-1.5">
                    <Badge tone={stateWords[one.state].tone}>{stateWords[one.state].label}</Badge>
                    <span className="text-text-2">
                      {formatDay(one.day, "day-of-year")}, {formatPeriod(one.period)}
                    </span>
                  </li>
                ))}
              </ul>
              <h3 className="mt-3 mb-1 text-xs text-text-2">Versions</h3>
              <ol aria-label="Versions" className="divide-y divide-line text-sm">
                {versions.map((one) => (
                  <li key={one.version} className="py-1.5">
                    <span className="font-medium">{amountWords(one.definition.amount, currency)}</span>
                    {one.reason !== "" && (
                      <span className="block break-words" dir="auto">
                        {one.reason}
                      </span>
                    )}
                    <span className="block text-xs text-text-2">
                      <span dir="auto">{one.changedBy.name}</span>, {formatInstant(one.changedAt)}
                    </span>
                  </li>
                ))}
              </ol>
            </>
          )}
        </Async>
      </div>
    </Card>
  );
}

export function BudgetComments({ id }: { id: string }) {
  const comments = useQuery(commentsQuery(id));
  return (
    <Card title="Comments">
      <div className="space-y-3 px-4 pb-4">
        <Async of={comments} name="The comments" skeleton={<Skeleton className="h-16 w-full" />}>
          {(all) => (
            <ul aria-label="Comments" className="space-y-2 text-sm">
              {all.map((one) => (
                <li key={one.id}>
                  <span className="font-medium" dir="auto">
                    {one.by.name}
                  </span>{" "}
                  <span className="text-xs text-text-2">{formatInstant(one.at)}</span>
                  <p className="break-words whitespace-pre-line" dir="auto">
                    {one.text}
                  </p>
                </li>
              ))}
              {all.length === 0 && <li className="text-text-2">Nobody has said anything yet.</li>}
            </ul>
          )}
        </Async>
        <CommentForm id={id} />
      </div>
    </Card>
  );
}
