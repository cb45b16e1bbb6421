import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Notice } from "@finops/ui/states/notice";
import { useBlocker } from "@tanstack/react-router";
import { CloudOff } from "lucide-react";
import type { Kind } from "./document-queries.ts";
import type { Conflict, DocumentEdits } from "./use-document-edits.ts";

/** Whether what is seen is kept. */
export function EditState({ state }: { state: DocumentEdits<Kind>["state"] }) {
  const words = { kept: "Saved", saving: "Saving…", waiting: "Not saved: no connection" }[state];
  return (
    <span role="status" className="flex items-center gap-1.5 text-xs whitespace-nowrap text-text-2">
      {state === "waiting" && <CloudOff size={14} aria-hidden className="text-warning" />}
      {words}
    </span>
  );
}

/** On the way out, what is not kept yet is kept first; where that cannot be, the person decides. */
export function LeaveGuard({ state, flush }: { state: DocumentEdits<Kind>["state"]; flush: () => Promise<boolean> }) {
  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      // The same page with another period, panel or proof is no way out.
      if (state === "kept" || current.pathname === next.pathname) return false;
      return !(await flush());
    },
    enableBeforeUnload: () => state !== "kept",
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog
      title="Your last changes are not saved."
      about="The server does not answer. They are saved by themselves when it is back, as long as this page stays open."
      isOpen
      onClose={blocker.reset}
    >
      <Button kind="danger" onClick={blocker.proceed}>
        Leave without them
      </Button>
      <Button kind="primary" onClick={blocker.reset}>
        Stay
      </Button>
    </Dialog>
  );
}

interface ConflictNoticeProps<K extends Kind> {
  conflict: Conflict<K>;
  onLoad: () => void;
  onCopy: () => void;
}

/** Two people changed the same: nothing is overwritten unseen. */
export function ConflictNotice<K extends Kind>({ conflict, onLoad, onCopy }: ConflictNoticeProps<K>) {
  return (
    <div className="mb-4">
      <Notice
        tone="warning"
        title={`${conflict.by} changed this while you did.`}
        action={
          <div className="flex flex-wrap gap-2">
            <Button onClick={onCopy}>Keep mine as a copy</Button>
            <Button kind="primary" onClick={onLoad}>
              Load the newer
            </Button>
          </div>
        }
      >
        Your last changes were taken back on this page. They are not lost: keep them as a copy, or go on with the newer
        version.
      </Notice>
    </div>
  );
}
