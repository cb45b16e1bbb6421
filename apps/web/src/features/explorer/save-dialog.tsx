import type { CostView, SavedView } from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Dialog } from "@finops/ui/primitives/dialog";
import { TextField } from "@finops/ui/primitives/text-field";
import { useId, useState } from "react";
import { useMay } from "../../lib/session.ts";
import { useCreateView, useUpdateView } from "./use-saved-views.ts";

interface SaveDialogProps {
  view: CostView;
  /** The view to name anew; null for a new one. */
  saved: SavedView | null;
  onSaved: (saved: SavedView) => void;
  onClose: () => void;
}

/** A name for what is on the screen, what it is for, and who sees it. What was typed stays when it is refused. */
export function SaveDialog({ view, saved, onSaved, onClose }: SaveDialogProps) {
  const [name, setName] = useState(saved?.name ?? "");
  const [description, setDescription] = useState(saved?.description ?? "");
  const [isShared, setIsShared] = useState(saved?.visibility === "company");
  const mayShare = useMay("views:write");
  const create = useCreateView();
  const update = useUpdateView();
  const formId = useId();
  const isReady = name.trim() !== "" && !create.isPending && !update.isPending;
  const submit = () => {
    if (!isReady) return;
    const done = {
      onSuccess: (result: SavedView) => {
        onSaved(result);
        onClose();
      },
    };
    const visibility = isShared ? "company" : "private";
    if (saved === null) create.mutate({ name, description, visibility, view }, done);
    else update.mutate({ saved, change: { name, description } }, done);
  };
  return (
    <Dialog
      title={saved === null ? "Save this view" : "Name and description"}
      isOpen
      onClose={onClose}
      about={
        <form
          id={formId}
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <TextField label="Name" value={name} onChange={setName} maxLength={120} />
          <TextField label="What it is for" value={description} onChange={setDescription} maxLength={1000} />
          {saved === null && (
            <Checkbox
              label={
                mayShare ? "Everybody in the company sees it" : "Everybody in the company sees it (needs views:write)"
              }
              checked={isShared}
              isDisabled={!mayShare}
              onChange={setIsShared}
            />
          )}
        </form>
      }
    >
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="primary" type="submit" form={formId} disabled={!isReady}>
        Save
      </Button>
    </Dialog>
  );
}
