import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";

interface DeleteDialogProps {
  name: string;
  /** What goes with it, and what stays. */
  about: string;
  isPending: boolean;
  onDelete: () => void;
  onClose: () => void;
}

/** Asks before something goes. */
export function DeleteDialog({ name, about, isPending, onDelete, onClose }: DeleteDialogProps) {
  return (
    <Dialog title={`Delete ${name}?`} about={about} isOpen onClose={onClose}>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="danger" disabled={isPending} onClick={onDelete}>
        Delete
      </Button>
    </Dialog>
  );
}
