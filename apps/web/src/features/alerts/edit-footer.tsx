import { Button } from "@finops/ui/primitives/button";

interface EditFooterProps {
  /** What is made or changed: "chain". */
  what: string;
  isNew: boolean;
  /** Left out, what it is made or changed with. */
  saves?: string | undefined;
  isBlocked: boolean;
  isPending: boolean;
  /** What is wrong with it as it is typed; null where nothing is, or nothing was typed yet. */
  problem: string | null;
  onSave: () => void;
  onClose: () => void;
  onDelete: () => void;
}

/** What ends each panel of alerts: save, leave, or delete what there is. */
export function EditFooter(props: EditFooterProps) {
  const { what, isNew, saves, isBlocked, isPending, problem, onSave, onClose, onDelete } = props;
  return (
    <>
      <Button kind="primary" disabled={isBlocked || isPending} onClick={onSave}>
        {saves ?? (isNew ? `Make the ${what}` : "Save the change")}
      </Button>
      <Button onClick={onClose}>Cancel</Button>
      {!isNew && (
        <Button kind="danger" disabled={isPending} onClick={onDelete}>
          Delete
        </Button>
      )}
      {problem !== null && <p className="w-full text-xs text-text-2">{problem}</p>}
    </>
  );
}
