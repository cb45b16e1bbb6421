import { Button } from "@finops/ui/primitives/button";

/** The end of a form in a small panel. */
export function FormEnd({
  onApply,
  onRemove,
  isEmpty,
}: {
  onApply: () => void;
  onRemove?: () => void;
  isEmpty: boolean;
}) {
  return (
    <div className="mt-2 flex justify-end gap-2 border-t border-line pt-2">
      {onRemove !== undefined && (
        <Button kind="quiet" className="mr-auto" onClick={onRemove}>
          Remove
        </Button>
      )}
      <Button kind="primary" onClick={onApply} disabled={isEmpty}>
        Apply
      </Button>
    </div>
  );
}
