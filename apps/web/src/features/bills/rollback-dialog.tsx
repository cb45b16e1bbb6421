import type { DatasetPeriod } from "@finops/capabilities/sources/contract";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Notice } from "@finops/ui/states/notice";
import { formatDay, formatInstant } from "@finops/ui/text/format-day";
import { ApiProblem } from "../../lib/api.ts";
import { RollbackChanges } from "../../lib/rollback-changes.tsx";
import { useRollback } from "./use-bills.ts";

/** Everyone's figures change with a rollback, so it shows what it would change and is asked for twice. */
export function RollbackDialog({ entry, onClose }: { entry: DatasetPeriod | null; onClose: () => void }) {
  const rollback = useRollback();
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
              <RollbackChanges position={entry.position} />
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
