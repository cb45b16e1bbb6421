import type { AlertPreviewInput } from "@finops/capabilities/alerts/contract";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { useMay } from "../../lib/session.ts";
import { useRested } from "../../lib/use-rested.ts";
import { previewQuery } from "./alert-queries.ts";

const shownMax = 8;

/** What the rule would have told in the last 90 days, as far as it is written. */
export function RulePreviewBox({ draft }: { draft: AlertPreviewInput | null }) {
  const rested = useRested(draft);
  const mayTry = useMay("costs:read");
  const preview = useQuery(previewQuery(mayTry ? rested : null));
  return (
    <section aria-label="Preview" className="rounded-md border border-line bg-surface-2 px-4 py-3 text-sm">
      <h3 className="mb-1 text-xs text-text-2">On the costs as they are published now</h3>
      {draft === null ? (
        <p className="text-text-2">Give it a threshold to see what it would have told.</p>
      ) : preview.error !== null ? (
        <p role="alert" className="text-negative">
          {preview.error.message}
        </p>
      ) : preview.data === undefined ? (
        <Skeleton className="h-16" />
      ) : (
        <>
          <p data-testid="backtest">{preview.data.sentence}</p>
          <ul aria-label="When it would have fired" className="mt-2 space-y-1">
            {preview.data.firings.slice(0, shownMax).map(({ day, subject, message }) => (
              <li key={`${day} ${subject}`} className="break-words" dir="auto">
                <span className="text-text-2">{formatDay(day)}</span> {message}
              </li>
            ))}
          </ul>
          {preview.data.notTold.map((reason) => (
            <p key={reason} className="mt-2 text-xs text-text-2">
              {reason}
            </p>
          ))}
        </>
      )}
    </section>
  );
}
