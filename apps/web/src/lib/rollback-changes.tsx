import type { RollbackPreview } from "@finops/capabilities/sources/contract";
import { decimal } from "@finops/kernel/decimal";
import { Delta } from "@finops/ui/figures/delta";
import { Money } from "@finops/ui/figures/money";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatCount } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { request } from "./api.ts";

const shownMax = 5;

/** What going back to an earlier state of a month would change: by a position in the log of what was published. */
export function RollbackChanges({ position }: { position: string }) {
  const preview = useQuery({
    queryKey: ["datasets", "rollback-preview", position],
    queryFn: ({ signal }) =>
      request<RollbackPreview>(`/api/v1/datasets/rollback-preview?position=${position}`, { signal }),
  });
  return (
    <Async of={preview} name="What would change" skeleton={<Skeleton className="h-20 w-full" />}>
      {(found) => <Changes of={found} />}
    </Async>
  );
}

function Changes({ of: { before, after, changes, changesTotal } }: { of: RollbackPreview }) {
  const currencies = [...new Set([...Object.keys(before.totals), ...Object.keys(after.totals)])].toSorted();
  const rest = changesTotal - Math.min(changes.length, shownMax);
  return (
    <section aria-label="What would change" className="rounded-lg border border-line p-3 text-text-1">
      <dl className="space-y-1 text-sm">
        {currencies.map((currency) => {
          const [was, becomes] = [
            before.totals[currency]?.billedCost ?? "0",
            after.totals[currency]?.billedCost ?? "0",
          ];
          return (
            <div key={currency} className="flex flex-wrap justify-between gap-x-4">
              <dt className="text-text-2">Billed cost</dt>
              <dd className="text-right">
                <Money amount={was} currency={currency} /> → <Money amount={becomes} currency={currency} />{" "}
                <Delta now={becomes} before={was} currency={currency} good="neither" />
              </dd>
            </div>
          );
        })}
        <div className="flex justify-between gap-4">
          <dt className="text-text-2">Rows</dt>
          <dd>
            {formatCount(before.rows)} → {formatCount(after.rows)}
          </dd>
        </div>
      </dl>
      {changes.length === 0 ? (
        <p className="mt-2 text-sm text-text-2">No charge would be another one.</p>
      ) : (
        <ul aria-label="By service and account" className="mt-2 divide-y divide-line border-t border-line text-xs">
          {changes.slice(0, shownMax).map((group) => (
            <li
              key={`${group.serviceName} ${group.account} ${group.currency}`}
              className="flex justify-between gap-4 py-1"
            >
              <span className="min-w-0 truncate" dir="auto">
                {group.serviceName ?? "Service not stated"}, {group.account ?? "account not stated"}
              </span>
              <Money
                amount={decimal(group.billedAfter).minus(decimal(group.billedBefore)).toString()}
                currency={group.currency}
              />
            </li>
          ))}
          {rest > 0 && <li className="py-1 text-text-2">and {formatCount(rest)} more groups</li>}
        </ul>
      )}
    </section>
  );
}
