import type { Sharing } from "@finops/capabilities/dashboards/contract";
import { useNavigate } from "@tanstack/react-router";
import { DeleteDialog } from "../delete-dialog.tsx";
import { type Kind, kindWords, useDeleteDocument } from "./document-queries.ts";

interface DeleteDocumentProps {
  kind: Kind;
  id: string;
  name: string;
  sharing: Sharing;
  onClose: () => void;
}

/** Asks before something goes that others may read. */
export function DeleteDocument({ kind, id, name, sharing, onClose }: DeleteDocumentProps) {
  const remove = useDeleteDocument(kind);
  const navigate = useNavigate();
  const gone = `The ${kindWords[kind].one} goes for good`;
  return (
    <DeleteDialog
      name={name}
      about={sharing.with === "nobody" ? `${gone}.` : `${gone}, also for those it is shared with.`}
      isPending={remove.isPending}
      onDelete={() => remove.mutate(id, { onSuccess: () => void navigate({ to: `/${kind}` }), onSettled: onClose })}
      onClose={onClose}
    />
  );
}
