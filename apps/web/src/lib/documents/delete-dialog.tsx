import type { Sharing } from "@finops/capabilities/dashboards/contract";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { useNavigate } from "@tanstack/react-router";
import { type Kind, kindWords, useDeleteDocument } from "./document-queries.ts";

interface DeleteDialogProps {
  kind: Kind;
  id: string;
  name: string;
  sharing: Sharing;
  onClose: () => void;
}

/** Asks before something goes that others may read. */
export function DeleteDialog({ kind, id, name, sharing, onClose }: DeleteDialogProps) {
  const remove = useDeleteDocument(kind);
  const navigate = useNavigate();
  return (
    <Dialog
      title={`Delete ${name}?`}
      about={
        sharing.with === "nobody"
          ? `The ${kindWords[kind].one} goes for good.`
          : `The ${kindWords[kind].one} goes for good, also for those it is shared with.`
      }
      isOpen
      onClose={onClose}
    >
      <Button onClick={onClose}>Cancel</Button>
      <Button
        kind="danger"
        disabled={remove.isPending}
        onClick={() => remove.mutate(id, { onSuccess: () => void navigate({ to: `/${kind}` }), onSettled: onClose })}
      >
        Delete
      </Button>
    </Dialog>
  );
}
