import type { DatasetPeriod, RollbackPreview } from "@finops/capabilities/sources/contract";
import { decimal } from "@finops/kernel/decimal";
import { Delta } from "@finops/ui/figures/delta";
import { Money } from "@finops/ui/figures/money";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay, formatInstant } from "@finops/ui/text/format-day";
import { formatCount } from "@finops/ui/text/format-figure";
import { ApiProblem } from "../../lib/api.ts";
import { useRollback, useRollbackPreview } from "./use-bills.ts";

const shownMax = 5;

/** Everyone's figures change with a rollback, so it shows what it would change and is asked for twice. */
export function RollbackDialog({ entry, onClose }: { entry: DatasetPeriod | null; onClose: () => void }) {
  const rollback = useRollback();
  const preview = useRollbackPreview(entry?.position ?? null);
  const close = () => {
    rollback.reset();
    onClose();
  };
  return (
    <Dialog
      isOpen={entry !== null}
      onClose={close}
      title={entry === null ? "" : `Go back in ${formatDay(entry.billingPeriod, "month")}?`}
      about={
        <>
          {entry !== null && (
            <p>
              Everyone will see this month as it was published on {formatInstant(entry.publishedAt)}. What is current
              now is kept and can be made current again.
            </p>
          )}
          {entry !== null && (
            <div className="mt-3">
              <Async of={preview} name="What would change" skeleton={<Skeleton className="h-20 w-full" />}>
                {(found) => <Changes of={found} />}
              </Async>
            </div>
          )}
          {rollback.error !== null && (
            <div className="mt-3">
              <Notice
                tone="error"
                title="The month was not changed."
                requestId={rollback.error instanceof ApiProblem ? rollback.error.requestId : null}
              >
                {rollback.error.message}
              </Notice>
            </div>
          )}
        </>
      }
    >
      <Button onClick={close}>Leave it</Button>
      <Button
        kind="primary"
        disabled={rollback.isPending}
        onClick={() => entry !== null && rollback.mutate(entry.position, { onSuccess: close })}
      >
        Make it current
      </Button>
    </Dialog>
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
